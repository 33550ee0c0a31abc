"""News that has an emergency's words and concerns one person, an animal, a court or a war.

An emergency threatens the public: many people, a place, a service. One driver's crash, one killing with its culprit, a
rescued dog, an army's strike use the same words, and calling an editor for each of them is what makes alarms worthless.
Judges only texts without a hazard of nature, fire or industry; someone who is missing or sought stays an emergency.
"""

from __future__ import annotations

from typing import Final

from classifiers.reading import Wording
from classifiers.signals import Because

SOCIAL: Final = frozenset(("traffic", "public_order", "fraud", "cyber", "panic_buying", "utility_outage"))
"""Hazards (beside none at all) that happen to single persons every day."""

_ARMED: Final = frozenset(("hazmat_explosion", "fire"))

_PERSON: Final = Wording(
    r"[男女]子|男[孩童生星友婴]|女[孩童生星友婴儿]|小伙|姑娘|大[爷妈叔姐哥娘]|老[人太汉头伯]|阿[姨婆公]|夫妻|夫妇|丈夫|妻子|老[公婆]"
    r"|母亲|父亲|妈妈|爸爸|奶奶|爷爷|儿子|[母父]子|[母父]女|兄弟|姐[弟妹]|孕妇|婴儿|[幼孩]童|宝宝|同学|大学生|研究生|学霸|老师|教授"
    r"|司机|车主|骑手|路人|邻居|员工|保安|保姆|民警|辅警|交警|消防员|战士|医生|护士|主任|院长|校长|局长|所长|部长|书记|市长|州长|议员"
    r"|总统|首相|富豪|明星|演员|艺人|歌手|球员|球星|前锋|教练|主播|网红|博主|模特|导演|\d{1,2}岁|网友|前妻|前夫|情侣|当事人|家属|嫌疑人|死者"
)
_MANY: Final = Wording(
    r"[\d两二三四五六七八九十百千万余多数几][多余]?(?:人|名|死|伤|户|口|国|位|车)|[致已][\d一]+[死伤]|大客车|大巴|客车|公交|校车|地铁|列车|火车|高铁|动车|航班|客机|飞机"
    r"|直升机|客船|渡船|轮船|高速|连环|全家|一家|群众|游客|师生|矿工|村民|居民|乘客|旅客|船员|渔民|工人|人群|无差别|踩踏|枪击|爆炸|劫持|人质|绑架|恐怖"
    r"|事故|[多数]人|多名|多地|多车|停运|停课|调查报告|小区|商场|幼儿园|学校|广场|市场|景区|闹市|街头"
)
_SOUGHT: Final = Wording(r"失踪|失联|走失|搜救|搜寻|寻找|下落不明|仍未找到|被困")
_OVER: Final = Wording(
    r"失[踪联]\d+年|走散|纪念|救[出起下]|获救|胶带|锦旗|(?:救援|打捞|搜救).{0,8}(?:猫|狗|犬)"
)
_OUTCOME: Final = Wording(
    r"死|亡|伤|去世|离世|遇难|遇害|殉职|牺牲|自杀|轻生|坠|撞|溺|落水|车祸|翻车|追尾|肇事|打|砍|捅|杀|刺|害|威胁|冲突|持刀|救|晕倒|猝|倒地|失控|走失|掉"
)
_DIAGNOSIS: Final = Wording(
    r"确诊(?:为?[^,。]{0,4})(?:癌|抑郁|双相|瘤|白血病|糖尿病|近视|自闭|焦虑|渐冻|尿毒症|红斑狼疮|精神|阿尔茨海默|不孕|[多缺]动|狐臭|股骨头|脑|神经)|(?<!例)(?<!增)(?<!增一)被?(?:正式)?确诊为(?!新冠|甲流|流感|登革|霍乱|鼠疫|猴痘|禽流感|感染|阳|肺)"
)
_ANIMAL: Final = Wording(
    r"(?:小|流浪|萌|猫)?(?:狗|犬|猫咪?|柯基|哈士奇|金毛|水牛|黄牛|奶牛|羊驼|山羊|狮子|老虎|东北虎|大象|黑熊|棕熊|猴子?|熊猫|企鹅|海豚|鲸鱼?|松鼠|鸟|猫头鹰|鹦鹉|兔子|野猪|匹马|赛马|白马|斑马)"
)
_ARMY: Final = Wording(
    r"[以俄乌美印巴伊朝叙日]军(?!区)|[乌俄以]方|哈马斯|真主党|胡塞|塔利班|巴以|俄乌|印巴|巴印|空袭|导弹|开火|交火|停火|战俘|前线|定点清除|核设施|无人机袭|驻伊拉克|战争"
)
_FRONT: Final = Wording(
    r"以色列|加沙|黎巴嫩|基辅|克里姆林|克里米亚|泽连斯基|普京|叙利亚|安理会|战斗机|军方|航母|阿富汗|也门|总统府"
)
_ATTACK: Final = Wording(r"袭|炸|冲突|死|伤|击落|绑架|撤离|救援物资|遇难|平民|起火|空中")
_CRASHED: Final = Wording(r"坠毁|失事|地震|洪水|踩踏|空难")
_HONOURED: Final = Wording(
    r"烈士|警号|遗像|英灵|牺牲(?:\d+|多|的|后|时|前|战友|的战友)|(?:全国|累计|共有|以来)[^,。]{0,12}(?:牺牲|殉职)|邱少云|黄继光|援朝|抗战|铁道兵"
)
_COURT: Final = Wording(
    r"判[刑处罚赔决]|获刑|一审|二审|宣判|庭|死刑|[批被]捕|公诉|起诉|法院|落网|被抓|涉嫌|立案|刑拘|行拘|拘留|拘\d+日|赔偿?|索赔|维权|获赔|全责|免责|担责|告上|凶手|嫌犯"
    r"|案件?(?:细节|详情|嫌|宣|开|家属|被害|一|二|受害|当事|发)|被(?:控|诉|判)|控方|辩护|追偿|抚恤"
)
_FIRM: Final = Wording(
    r"(?:游戏|电竞|服务器|APP|App|软件|平台|直播|账号|官网|微博|抖音|B站|工作室|网站|门店|品牌|节目|专辑|店铺)[^,。]{0,6}(?:停运|停止运营|暂停|停业|关闭|中断|崩)"
    r"|(?:汽车|车|充电宝|新款|手机|辆|万台|电池|婴儿|玩具|空调)[^,。]{0,8}召回|召回[^,。]{0,8}(?:汽车|车|充电宝|手机|辆|万台|电池|SUV)|特斯拉|飞船|火箭|太空"
)
_FIGURE: Final = Wording(
    r"(?:直播|探店|连续|集体|又|大型|彩排|造型|美颜|营销|带货|妆|开箱|配音|滤镜|整活|表演|舞台|彩妆|做饭|复刻)[^,。]{0,4}翻车|翻车[了现场名吧]|道德绑架|被.{0,3}绑架式"
)


def private(text: str, hazard: str | None, *, in_need: bool = False) -> list[Because]:
    """What speaks against an emergency in a normalised text whose likeliest hazard is `hazard`.

    `in_need`: somebody who is there tells of harm or calls for help; then one person is enough.
    """
    found = _case(_FIGURE, text, -3.0) + _case(_DIAGNOSIS, text, -4.0)
    if hazard is None or hazard in SOCIAL:
        found += _case(_HONOURED, text, -3.0) + _case(_FIRM, text, -3.0) + _case(_COURT, text, -2.0)
        found += _warlike(text, social=True) + ([] if in_need else _single(text))
    elif hazard in _ARMED:
        found += _warlike(text, social=False)
    return found


def _case(pattern: Wording, text: str, weight: float) -> list[Because]:
    found = pattern.search(text)
    return [Because(found.group(), weight)] if found else []


def _warlike(text: str, *, social: bool) -> list[Because]:
    if not _ATTACK.search(text) or _CRASHED.search(text):
        return []
    return _case(_ARMY, text, -4.5) or (_case(_FRONT, text, -3.0) if social else [])


def _single(text: str) -> list[Because]:
    """One person or one animal, and nobody sought."""
    if _MANY.search(text) or not _OUTCOME.search(text):
        return []
    if _SOUGHT.search(text) and not _OVER.search(text):
        return []
    return _case(_ANIMAL, text, -3.5) or _case(_PERSON, text, -3.5)
