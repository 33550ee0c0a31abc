"""Talk about an epidemic beside news of it: the written rule for what only sounds like an outbreak.

In a long epidemic every third headline has its words: vaccines, press conferences, test certificates, figures from
abroad. An editor is called for cases, clusters and closures, most of all at home; the rest keeps its category and a
low score. Judges only texts whose likeliest hazard is an infectious disease; does not know places of one city.
"""

from __future__ import annotations

from typing import Final

from classifiers.reading import Wording
from classifiers.signals import Because

_NEWS: Final = Wording(
    r"增[^,。]{0,12}\d|[\d一两二三四五六七八九]例|[\d余多]人?名?[^,。]{0,8}(?:确诊|阳性|感染|送医|住院|发热|腹泻)|首例|首现"
    r"|(?:发现|出现|检出|报告|通报|公布|划定|发生|查出|新增|现)[^,。]{0,14}(?:例|阳性|确诊|感染者?|病例|病毒|疫情|霍乱|鼠疫|患者)"
    r"|暴发|爆发|聚集性|集体感染|升级?为|调整?为|列为|静态管理|封[控闭城]|停课|停运|停产|扩散|蔓延|致?死|病逝|异常"
    r"|(?:全员|全区|全市|大规模)[^,。]{0,4}核酸|轨迹|预警|紧急|响应|疫情通报|高风险区|中风险地?区"
)
_TALK: Final = Wording(
    r"疫苗|接种|加强针|发布会|核酸[^,。]{0,4}(?:证明|点|机构|企业|贴纸|记录|采购|现场|流程|免费)|查验|健康码|方案|溯源|同源|专家|解读|指南"
    r"|钟南山|张文宏|张伯礼|吴尊友|福奇|谭德塞|世卫|防护服|医护|抗疫|暖心|致敬|感谢|捐赠|物资|解封|解除|清零|归零|阴性|恢复|取消"
    r"|下降|降至|拐点|好转|出院|治愈|痊愈|病死率|占比|研究|疫情下|疫情之下|没有疫情|疫情前|疫情后|疫情结束|口罩|后遗症|阳过|退散|愿疫情|辟谣"
    r"|变异|毒株|奥密克戎|德尔塔|获刑|被拘|产妇|支援|整体|控制|趋于|康复|传播力|试剂|寒假|高校|发声|道歉|考生|高考|考研|企业|经济|暂无|无新增"
    r"|常态化|频次|慎终如始|被罚|行拘|招募|IPO|演员|艺人|歌手|男团|女团|明星|球员|教练|退赛|总统|首相|王子|女王|国王|部长|议员|官员"
)
# What brings calm or is of no outbreak here, whatever it counts.
_CALM: Final = Wording(
    r"出院|治愈|复阳|阴性|清零|归零|解封|解除|解禁|无新增|零新增|降为|下调|(?:调整|降级)为[管防低]|连续\d+[天日][^,。]{0,8}(?:[无未没零]|降)"
    r"|[未没无](?!症状)(?:有|发现|出现|检出)?[^,。]{0,6}(?:关联|阳性|感染|扩散|外溢|新增)|病毒变异|突破性感染|后遗症|冒牌"
)
_IMPORTED: Final = Wording(r"境外输入|入境(?:人员|旅客)?[^,。]{0,6}(?:确诊|阳性)|均为(?:境外)?输入")
_ABROAD: Final = Wording(
    r"美国|英国|印度|日本|韩国|德国|法国|俄罗斯|巴西|意大利|越南|新加坡|泰国|伊朗|西班牙|澳大利亚|加拿大|朝鲜|菲律宾|马来西亚|以色列"
    r"|南非|土耳其|白宫|蒙古国|瑞士|瑞典|荷兰|尼泊尔|乌克兰|墨西哥|东京|首尔|纽约|欧洲|非洲|全球|多国"
)
_STAGE: Final = Wording(r"首例|首次|首现|首个|新型|暴发|爆发|埃博拉|尼帕|鼠疫|不明原因")
_PLACE_AND_WORD: Final = 10
"""A title of no more characters (商河疫情, 宁波发现确诊病例) is the news itself."""


def routine(text: str) -> list[Because]:
    """What speaks against an outbreak in a normalised text about a disease; empty where it is news of one."""
    talk = _TALK.search(text)
    news = _NEWS.search(text)
    found: list[Because] = []
    calm = _CALM.search(text) or (None if "本土" in text else _IMPORTED.search(text))
    if calm:
        found.append(Because(calm.group(), -5.0))
    elif talk:
        found.append(Because(talk.group(), -3.0 if news else -5.0))
    elif not news and not (len(text) <= _PLACE_AND_WORD and text.endswith("疫情")):
        found.append(Because("疫情话题", -3.0))
    abroad = _ABROAD.search(text)
    if abroad and not _STAGE.search(text):
        found.append(Because(abroad.group(), -4.0))
    return found
