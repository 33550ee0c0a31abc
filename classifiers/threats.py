"""Violence that somebody announces: 明天去砍人, 炸了你们学校. An editor has to see it at once and call the police.

    an act, aimed at people or a place, said to come → the words of the threat

Does not weigh how serious it is meant; leaves out sighs (气得想杀人, 作业多得想炸学校), games, films, and reports of somebody
who was caught for it.
"""

from __future__ import annotations

from typing import Final

from classifiers.reading import Wording

_GAP: Final = r"[^,。;!?\n]"
_PLACE: Final = (
    r"(?:学校|[小中大]学|幼儿园|教室|宿舍|食堂|单位|公司|车间|医院|门诊|诊所|派出所|公安局|法院|政府|村委|社区|居委|银行|商场|超市|广场|车站|火车站|高铁|地铁|公交|"
    r"机场|站点|工地|工厂|厂里|厂子|酒店|饭店|网吧|市场|集市|教堂|演唱会|考场|大楼|办公室|[门房店]|店铺|店里|小区|村子?|镇上)"
)
_WILL: Final = (
    r"(?:明[天早晚日]|后天|今[天晚]|等[下会]|马上|下[午周]|周[一二三四五六日]|星期[一二三四五六日天]|早晚|迟早|我[要就去来会现必]|要[去把]|就[去把来]|"
    r"准备|打算|扬言|放[狠]?话|声称|威胁|发帖|信不信|再不|等着)"
)
_KILL: Final = r"(?:[砍捅杀]人|[砍捅杀](?:了|死|光|翻)|[砍捅杀](?:几|两|三|十|一)个|弄死|打死|毒死|开枪|血洗|(?<!大)屠[了光村]|同归于尽)"
_THREAT: Final = Wording(
    "|".join(
        (
            rf"{_WILL}{_GAP}{{0,14}}{_KILL}{_GAP}{{0,8}}",
            rf"{_KILL}{_GAP}{{0,2}}你们",
            rf"(?<!突然)(?:炸|烧|放火烧)(?:了|掉|平){_GAP}{{0,3}}(?:你们|他们|这[个家帮]|{_PLACE})(?!淡定|都?懵|都?愣)",
            rf"{_WILL}{_GAP}{{0,12}}(?:炸|烧)(?:了|掉|平)?{_PLACE}",
            rf"{_WILL}{_GAP}{{0,6}}把{_GAP}{{0,10}}(?:[炸烧砍捅杀点]了|炸掉|炸平|烧掉|杀光|弄死|毒死)",
            rf"{_WILL}{_GAP}{{0,10}}[带提拿拎抱背]着?{_GAP}{{0,3}}(?:刀|枪|斧|炸[药弹]|汽油|煤气罐|硫酸|农药){_GAP}{{0,10}}{_PLACE}",
            rf"[抱提拎带]着{_GAP}{{0,2}}(?:炸[药弹]|汽油|煤气罐|硫酸)[去到上来进]{_GAP}{{0,8}}{_PLACE}",
            rf"(?:安|放|装|埋)了{_GAP}{{0,3}}(?:炸弹|炸药|定时炸弹)",
        )
    )
)
_NOT_MEANT: Final = Wording(
    r"笑死|气死|热死|困死|累死|急死|烦死|真想|好想|恨不得|都想|得想|想砍|想杀|开玩笑|玩笑|段子|作业|考试|考卷|题目?[太好]|这[道个]题|甲方|加班|砍价|砍刀|杀价|"
    r"游戏|副本|开黑|吃鸡|上分|怪物?|boss|BOSS|丧尸|剧本|剧情|小说|电影|电视|这部|台词|歌词|片子|追剧|反派|杀[了个]?[一两]?[只头条个]?(?:鸡|鸭|鹅|猪|鱼|羊|牛|年猪)|"
    r"砍[了几两]?[根棵]?(?:树|柴|竹|甘蔗|柱)|杀毒|杀虫|杀青|秒杀|抹杀|放烟花|放鞭炮|烧[了]?(?:香|菜|饭|水|火|烤|纸)|炸了[锅]|锅炸|炸(?:鸡|鱼|丸|糕|串|薯|油条)|手机|群炸|炸群"
)
_CAUGHT: Final = Wording(
    r"被[抓拘捕判控罚刑]|调岗|停职|开除了|回应|公祭|拘留|行拘|刑拘|落网|归案|处罚|获刑|判刑|一审|警方|民警|通报|记者|辟谣|谣言|不实|当年|年前|去年|演练|演习|预防|如何|应对"
)


def made(text: str) -> tuple[int, str] | None:
    """Where a normalised text announces violence, and its words; None where it does not, or plainly does not mean it."""
    found = _THREAT.search(text)
    if found is None or _NOT_MEANT.search(text) or _CAUGHT.search(text):
        return None
    return found.start(), found.group()
