"""Redact 1,000 generated messages and those written by hand; count what stays that is private, and what is lost.

``python tests/benchmarks/bench_redact.py [--count N] [--seed S]`` prints recall (private values of which nothing
is left), false (messages that lost anything else), milliseconds a message, and the messages that went wrong.
"""

from __future__ import annotations

import argparse
import time

from tests.private_messages import Maker, PrivateMessage, score, written


def report(name: str, messages: list[PrivateMessage]) -> None:
    """Print how well messages were redacted."""
    begun = time.perf_counter()
    found = score(messages)
    each = 1000 * (time.perf_counter() - begun) / len(messages)
    private = sum(len(message.private) for message in messages)
    print(f"{name}: {len(messages)} messages, {private} private values, recall {found.recall:.4f}, "
          f"false {found.false:.4f}, {each:.1f} ms a message")  # fmt: skip
    for line in (*(f"- stayed: {text}" for text in found.missed), *(f"- lost: {text}" for text in found.lost)):
        print(line)


def main() -> None:
    """Score both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    report("generated", Maker(arguments.seed).messages(arguments.count))
    report("written", written())


if __name__ == "__main__":
    main()
