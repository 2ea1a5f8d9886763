"""Small words that tell nothing of what a sentence is about; English and Chinese."""

from __future__ import annotations

import re

_ENGLISH = """
    a an the to be been is are was were am do doe does did have has had can could may might must shall
    should will would ani any it its they them their we our you your i he she his her this that these
    those of in on at by for from with as or and not no yes also get got ever even again still alway
    current necessarili general usual normal need requir allow permit abl cannot don doesn didn isn aren
    won t s re ll ve there such more much longer yet
"""
FUNCTION_WORDS = frozenset(_ENGLISH.split())
"""English ones as ``kb.language.text.terms`` returns them, stemmed."""
FUNCTION_HAN = re.compile(
    "(?:能够?|会|可以?|得|是|被|予以?|再|需要?|必须?|须|到|了|的|任何|允许|接受|支持|提供|进行|作|要求?|与|和|在|对|向|给"
    "|从|把|将|由|因|为)+"
)
"""A run of Chinese ones, before what is spoken of."""
SMALL_HAN = re.compile(
    "[不未无無没勿禁非可以能会會得予须須需必要应應的了是被在对對与與和及或也都就才即将將由為为我您你他它们們]"
)
"""Characters that are small words, most of the time."""
