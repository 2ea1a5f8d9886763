"""Does the evidence say so? Sentences are split into claims, and each claim is checked against its sources."""

from assistant.verify.claims import split_claims
from assistant.verify.verifier import Verifier

__all__ = ["Verifier", "split_claims"]
