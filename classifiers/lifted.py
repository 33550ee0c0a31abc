"""An emergency response that is called off (终止、解除应急响应): the words of a running event, and its end.

Says only whether a text calls a response off and nothing else goes on in it; a response that is lowered still runs. A
warning that is taken back is read in `warnings`, with its act.
"""

from __future__ import annotations

from typing import Final

from classifiers.reading import Wording

_END: Final = r"(?:终止|解除|结束|取消|撤销|停止)"
_CALLED_OFF: Final = Wording(
    rf"{_END}[^,。;!?]{{0,22}}应急响应|应急响应[^,。;!?]{{0,12}}(?:终止|解除|结束|取消|撤销)|转入灾后|{_END}[^,。;!?]{{0,12}}I?[IV一二三四]级响应"
)
_GOES_ON: Final = Wording(
    r"启动[^,。;!?]{0,14}响应|(?:提升|升级|上调|升)[至为到]|继续(?:维持|执行|实行)|(?:未|不|没有|不得|暂不|尚未)[^,。;!?]{0,3}(?:终止|解除|结束|取消|撤销)"
)
_HARMED: Final = frozenset(("casualty",))


def called_off(text: str, kinds: frozenset[str]) -> str | None:
    """The words by which a normalised text calls a response off; None where it does not, or where harm goes on.

    `kinds`: what else the lexicon found in it.
    """
    found = _CALLED_OFF.search(text)
    if found is None or kinds & _HARMED or _GOES_ON.search(text):
        return None
    return found.group()
