"""Words that nobody writes to a reader: orders to the machine that reads a document, as such. Patterns only.

Chinese ones are matched in simplified characters. They hold for reviewed documents, too; so what a company may well
write to its customers or its staff must stay outside: "please ignore the above if you have paid", 按照系统提示操作,
"if you are an AI company".
"""

from __future__ import annotations

import re

_MACHINE = (
    r"(?:(?:large )?language models?|LLMs?|chat ?bots?|ChatGPT|GPT-?\d\w*|AI|A\.I\.|artificial intelligence)"
    r"(?: (?:language )?(?:assistants?|agents?|models?|systems?|chat ?bots?))*"
)
_BEFORE = r"(?:previous|prior|preceding|earlier|above|foregoing|initial|existing|original|system)"
_ORDERS = r"(?:instructions?|prompts?|directives?|commands?)"
_DROP = r"(?:ignore|disregard|forget|overlook|bypass|override)"
_NOT_MEANT = r"(?<!not )(?<!never )(?<!n't )(?<!n’t )(?<!can )(?<!may )(?<!could )"

# Orders to drop the orders that the machine has; what follows must not make them a customer's ("if you have paid").
_DROPPED = [
    rf"{_NOT_MEANT}\b{_DROP}\s+(?:all|any|every|each|everything in)?\s*(?:of\s+)?(?:the|your|my|these|those|its)?\s*"
    rf"{_BEFORE}(?:\s+and\s+{_BEFORE})?(?:\s+\w+)?\s+{_ORDERS}\b",
    rf"{_NOT_MEANT}\b{_DROP}\s+(?:all\s+|any\s+|everything in\s+)?(?:of\s+)?your\s+(?:\w+\s+)?"
    rf"(?:instructions?|prompts?|directives?|guidelines|rules|programming|training|guardrails)\b",
    rf"{_NOT_MEANT}\b{_DROP}\s+(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+)?{_ORDERS}\s+(?:above|before this|"
    r"(?:that )?you (?:were|have been|had been|got|received|are) (?:given|told)?)",
    rf"{_NOT_MEANT}\b{_DROP}\s+(?:everything|anything|all)\s+(?:above|before this|you (?:were|have been) told)\b",
    # the same in languages that are written like English, and in Japanese and Korean
    r"\b(?:ignor(?:ez|e[nz]?|a|ieren?|ar)|vergiss|vergessen sie|oubli(?:e|ez|er)|olvid[ae]|esque[cç]a"
    r"|dimentica)\s+(?:\w+\s+){0,4}?(?:instruccion\w*|instruç\w+|instructions|anweisung\w*|istruzion\w*|consignes)"
    r"\s+(?:anterior\w*|pr[ée]c[ée]dent\w*|previas?)\b",
    r"\bignorier\w*\s+(?:\w+\s+){0,3}?(?:vorherig\w*|bisherig\w*|obig\w*)\s+(?:\w+\s+)?anweisung\w*",
    r"(?:以前|これまで|上记|前)の(?:すべての)?(?:指示|命令)を(?:すべて)?无视|이전(?:의)?\s*(?:모든\s*)?(?:지시|명령)[\w\s]{0,6}무시",
    r"(?:忽略|无视|忘记|忘掉|抛开|不要理会|不再遵守|绕过)掉?(?:你)?(?:之前|以前|先前|此前|前面|以上|上面"
    r"|上述|前述|原有|原来|所有|一切|全部|系统|你|的|收到|给)+"
    r"(?:指令|提示词|系统提示|命令|设定|人设|prompt)(?!的|者|会|将)",
    r"(?:忽略|无视|忘记|忘掉)掉?(?:你)?(?:之前|以前|先前|此前|前面|以上|上述)的?(?:所有|一切|全部)的?"
    r"(?:指示|说明|规则|内容)(?!的|者|会|将)",
]
# Who is spoken to is a machine.
_ADDRESSED = [
    rf"\bif you(?:'re| are)(?: an?| the)? {_MACHINE}(?=[,.:;!]| (?:reading|processing|that|and|or|then|you|please)\b)",
    rf"\b(?:note|attention|message|memo|dear|hey|listen up)[,:]?(?: to| for)?(?: all| any| the| every)? {_MACHINE}"
    r"(?=\s*[,:：!—-]| (?:reading|processing)\b)",
    rf"\b(?:all|any|every|the|to) {_MACHINE}s? (?:that |who |which )?(?:reads?|reading|process(?:es|ing)?"
    r"|summari[sz](?:es?|ing)|pars(?:es?|ing)) (?:this|these)\b",
    rf"\bas an? {_MACHINE},? (?:you (?:must|should|will|shall|are to|have to)|your task|please (?:say|answer|reply))\b",
    r"\byou are now (?:(?:an?|the|my|our) )?(?:\w+[ -]){0,2}?(?:DAN|jailbroken|unrestricted (?:AI|assistant|model)"
    r"|AI|A\.I\.|language model|LLM|chat ?bot|GPT)(?!\w)(?! (?:member|subscriber|customer|user|company))",
    r"\bpretend (?:to be|you are|that you are) (?:an? )?(?:\w+ ){0,2}?(?:AI|language model|LLM|chat ?bot|assistant)\b",
    r"\bfrom now on,? you(?:'ll| will| must| should| shall| are to)? (?:act|behave|respond|reply) (?:as|like|only|with)\b",
    r"\b(?:do anything now|DAN mode|jailbreak (?:mode|prompt))\b",
    r"(?:各位|所有|任何|致所有?|致各位|请注意[，,：:]?|注意[：:]|如果你是(?:一个|一名)?)的?(?:AI|人工智能|人工智慧|大?语言模型"
    r"|大模型|聊天机器人)(?:语言模型|助手|助理|模型|客服|机器人|系统)?(?:请|必须|应当|务必|[：:，,])",
    r"(?:阅读|读取|处理|看到)(?:本|这|此|到这|到此).{0,8}的(?:AI|人工智能|大?语言模型|大模型|聊天机器人|机器人)",
    r"你(?:现在|从现在起|从现在开始)(?:是|就是|扮演|要扮演|将扮演|作为|充当)(?:一个|一名|一款|一位)?.{0,8}?"
    r"(?:DAN|AI|人工智能|人工智慧|语言模型|聊天机器人|机器人|助手)(?=[，,。.!！；;：:、\s(（]|$|必须|请)",
    r"你是(?:一个|一名|一款)(?:没有限制的?|不受限制的?|友好的?|有用的?)?(?:AI|人工智能|大?语言模型|聊天机器人)(?:助手|助理|模型|机器人)?"
    r"(?=[，,。.!！；;：:]|$)",
    r"从现在(?:起|开始)[，,]?你(?:将|要|必须|只能|就)?(?:扮演|充当|以.{1,12}(?:身份|口吻)|只能?(?:回答|回复))|DAN模式|越狱模式",
]
# What only a machine has, and is to give away.
_GIVEN_AWAY = [
    r"\b(?:reveal|print|output|repeat|show|display|disclose|leak|recite|quote|give|tell|send|share)\b.{0,30}?\byour "
    r"(?:\w+ )?(?:system|hidden|initial|secret|internal|developer) (?:prompt|message|instructions?)\b",
    r"\b(?:reveal|output|repeat|disclose|leak|recite)\b.{0,20}?\bthe (?:system|hidden|developer) prompt\b",
    r"\b(?:new|updated|real) system (?:prompt|instructions?)\s*:",
    r"(?:输出|打印|显示|泄露|透露|告诉我|重复|复述|公开|说出).{0,8}?(?:你的|系统的?)(?:系统)?"
    r"(?:提示词|初始指令|系统指令|隐藏指令|内部指令)",
]
# Marks of the templates and calls that chat models are fed with.
_TEMPLATES = [
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|begin_of_text|start_header_id|end_header_id|eot_id)\|>",
    r"\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|###\s?(?:Instruction|Response)\s*:",
    r"</?(?:tool_call|tool_use|function_calls?|tool_response|tool_result)\b[^>]*>",
    r"[{,]\s*[\"“](?:tool|name|function)[\"”]\s*:\s*[\"“][\w.-]+[\"”]\s*,\s*[\"“]arguments[\"”]\s*:",
    r"[\"“](?:function_call|tool_calls)[\"”]\s*:",
]
UNMISTAKABLE = (*_DROPPED, *_ADDRESSED, *_GIVEN_AWAY, *_TEMPLATES)
"""Patterns, to be matched without regard to case."""

# A customer's own case before or after such words: "If you have already paid, ignore the previous instructions".
A_CASE = re.compile(
    rf"^\W*(?:if|when|once|where|unless|should|in case)\b(?! you(?:'re| are)(?: an?| the)? {_MACHINE})"
    r"(?! you (?:read|see|process)\b)[^.]{0,80}?\b(?:you|your)\b"
    r"|\b(?:instructions?|prompts?|commands?|above)\b[^.]{0,20}\b(?:if|when|once|unless) (?:you|your|it|the)\b"
    r"|^\W*(?:如果|如|若|当您)(?!你是|.{0,4}(?:AI|人工智能|语言模型))",
    re.IGNORECASE,
)
DROPPED = tuple(_DROPPED)
"""Those of them that a customer's case explains."""
