"""Emergencies as those tell them who are there: neighbours, parents, drivers, workers; in a tip, a chat, a call.

    text → does somebody tell? → things and what befell them → hits; harm and calls for help → evidence in log-odds

Nobody who sees a slope slide says 山体滑坡: 咱村后头那山垮下来一大块. Such sentences have a voice that headlines lack (了 at
the end of a clause, 屋里, 好多, 快来人), and only with it are these patterns tried: they would cry wolf on news, and cost
its speed. Says also what only sounds like that: advice among neighbours, what was long ago, a work that was announced.
Irony and pure dialect are not understood.
"""

from __future__ import annotations

from typing import Final

from classifiers.lexicon import Hit
from classifiers.reading import Wording, Wordings
from classifiers.signals import Because
from classifiers.told_fields import SERIOUS, UNEASE, about
from classifiers.told_nature import NATURE, NEAR, SOME
from classifiers.told_people import PEOPLE

NEED: Final = 1.6
"""From this weight on a reason of `weigh` says that somebody is harmed or calls for help."""

_WEIGHT: Final = 3.0
_FIELD_WEIGHT: Final = {2: 2.0, 3: 2.0}
"""Weight of a field by its points; a field of more points has the full weight."""
_FULL_FIELD: Final = 2.5
_UNEASE: Final = 0.8
_SHORT: Final = 160
"""Only a short text is about one thing: a longer one has words of every field."""
_LONGEST: Final = 400
"""Who tells comes to the point; a longer text is an article."""

# What stands in nearly every sentence that is told and in hardly any headline.
VOICE: Final = Wording(
    r"了,|了。|了 |了!|了\?|了;|啦|了吧|了呀|了哦|我们|我家|我娘|我爸|我妈|我爹|我屋|我村|我厂|我班|我们|咱|俺|隔壁|邻居|对门|楼上|楼下|屋里|屋背|屋后|后头|后山|"
    r"下头|上头|里头|外头|底下|那边|这边|对面|门口|老表|老倌|伢子|娃|崽|爹|好大|好多|好几|好快|好惨|有个|有人|几个|十几|几十|一大|一坨|半边|快来|快叫|快点|快救|"
    r"快去|救命(?![恩稻])|救救|咋|晓得|没得|冇|莫|听讲|听说|刚才|刚刚|昨夜|昨晚|昨天|半夜|一早|今天|到现在|还在|一直|越来越|眼看|出不来|下不来|上不来|没上来|没出来|跑不|"
    r"叫不|要命|得很|死了|往外|往下|往上|下来|起来|不动|满地|一地|到处|都是|全是|村|镇上|县城|已经有|拉去|喊|啊|赶紧|下面|上面|里面|直往|都上|接连|没人|都在|也在|还有|"
    r"各位|谁有|哪个|大姐|大伙|大爷|大妈|婆婆|阿婆|老太太|老头|护工|乡亲|一家子|一家四口|满[屋桌身车床院]|俩|仨|全[没完烂倒黑灭趴空瘫乱]|直[掉冒抖跺灌]|个个|两口子|兄弟|咔嚓|砰|轰|打滚|摔断|烂了|顶出去|冲进来|放下来|关不掉|放不下|没法|就一[个条]|[自己]{2}在动|出去老远|一[个只]传一|得像|得能|一碰就|重影|看不清|腥臭|怪味|股[^,。]{0,4}味|没回|不见了|到黑|浑身|打不通|我[爷奶婆公叔舅姑姨弟妹哥姐嫂儿女孙]|现在怎么办|了个|了一|了两|了三|了四|了五|了六|了七|了八|了十|了好|了半|了几|着火了|塌了|垮了|倒了|断了|停了|爆了|炸了|漏了|满了|光了|多了"
)
# Who reports is not there: newspapers, the police, who refutes.
_REPORT: Final = Wording(
    r"^(?:如何|为什么|为啥|怎么看|作为|如果|有哪些|哪些|当你)|致[^,。]{0,3}\d+[死伤人]|官方|[男女]子(?![汉弹])|网友|媒体|[者夫妻板人们家]称|[《》]|值得关注|"
    r"[【】]|记者|通报|警方|辟谣|不实|谣言|据[^,。]{0,8}(?:报|称|悉|介绍)|本报|讯|发布|视频显示|热搜|嫌疑人|民警介绍"
)
_PEOPLE: Final = rf"(?:人|娃|伢|孩子|崽|老[人表倌头李王张]|学生|工人|师傅|司机|户|(?<!{SOME}){SOME}+个)"
# Somebody is hurt, shut in, gone or not answering.
_HARM: Final = Wording(
    rf"[压埋困堵卡关夹砸撞刮冲卷淹烧烫炸]{NEAR}{_PEOPLE}|{_PEOPLE}[^,。;!? ]{{0,6}}(?:[被让叫][^,。;!? ]{{0,4}})?(?:[压埋困堵卡夹][在住到了]|还在里|在里[面头]|在屋里|在车里|"
    rf"在下[面头])|[压埋困堵卡夹]在|没(?:上来|出来|下来|回来|跑出|寻到|找到|声音|人应|逃)|出不来|下不来|上不来|跑不[出动了]|叫不[醒应]|喊不应|不晓得事|"
    rf"不省人事|没气|没呼吸|没了气|不会?动了?(?!脑|手)|动弹不得|(?:一身|满脸|头上|都是|流|全是)[^,。;!? ]{{0,3}}血|白沫|抽筋|抽搐|昏[过死迷倒]|晕[倒在过]|倒了{SOME}|倒在|腿断|"
    rf"骨折|烧伤|咳血|怕水|救命|打吊针|挂水|抬上|抬走|拉去医院|送[到去]?了?医院|住院|没命|死了{SOME}|断了气|撑不住|打不通|联系不上|头破血流|喊疼|上吐下泻|高烧"
)
_CALL: Final = Wording(
    r"快(?:来|叫|去|救|点|报|打|帮)|救命(?![恩稻])|救救|救火|救人|救护车|消防|求助|求救|求求|帮帮|帮忙|报警|110|119|120|咋办|(?:^|[,。!? \n])[^,。!?该 ]{0,5}怎么办|咋个办|咋搞|哪个管|谁管|谁来|等人[接救]|不敢[睡回进]|"
    r"要不要[跑撤走搬]|往哪[跑走里]|派人|来人|能不能(?:拦|追|帮|救|派|来)"
)
# It goes on, or it just happened.
_NOW: Final = Wording(
    r"还[在往]|越[来烧涨下]|一直|到现在|眼看|刚刚|刚才|不停|没停|已经|马上|现在|半夜|昨夜|今早|一早|一下子|突然|接连|全[部都]?|都[是在没]"
)
_OURS: Final = Wording(
    r"我们|我家|我[娘爸妈爹屋村厂班儿女]|咱|俺|隔壁|邻居|对门|对面|楼[上下]|屋里|屋[背后]|后头|后山|村|镇上|厂里|工地|学校|班|这边|那边|门口|老[表李王张刘陈]"
)
# Advice, a condition, a plan, a figure, another time: nothing happened.
_IF: Final = Wording(
    r"要是|如果|万一|假如|碰到|遇到|记得|防止|以免|免得|小心|当心|切勿|严禁|禁止|注意|提醒|教大家|教你|"
    rf"(?:莫|别|不要|不能|不准|不得){NEAR}(?:烧|采|吃|推|点|充电|站|碰|喝|信|游泳|洗澡|玩火|放|接电话|靠近|挡|堵)|会(?:中毒|起火|着火|爆炸|触电|引起|得病|塌|出事)"
)
_PLANNED: Final = Wording(
    r"检修|维护|清洗|清淤施工|改造|加固|修路|试鸣|拆迁|拆了|准备盖|爆破队|计划|预计|明[天日早晚]|后[天日]|下个?[月周]|提前存水|存水"
)
_PAST: Final = Wording(
    r"那[年时]|当年|前年|大前年|去年|小时候|年轻时|以前|从前|早年|爷爷讲|老人讲|[一二三四五六七八九]{1,2}[几八年]年|\d{4}年|老照片|多年|每年|年年|说书|评书|戏里|唱的|判了|赔偿|案子|电视|小说|电影|这部|那部|剧(?![毒烈变痛增])|片子|"
    r"游戏|书里|写到|故事|演的"
)
_FIGURE: Final = Wording(
    r"(?:跟|像|好像|好比)[^,。;!? ]{1,6}(?:一样|似的)(?![大高深响红黑臭厚粗])|生意|打折|便宜|行情|价|分数|股票|炒股|心里|喝醉|排队[^,。]{0,4}(?:吃|买)|师傅颠|炒粉|看热闹|好多人看|放炮放|爆破|手机群|群消息|直播|开玩笑|讲笑|做梦|梦见"
)
# Said of what might happen: 莫推上楼充电, 会起火. True of every text, told or not.
_MIGHT: Final = Wording(
    r"(?:莫|别|免得|小心|防止|以免)[^,。;!? ]{0,6}(?:中毒|触电|着火|起火)|莫(?:[^,。;!? ]{0,2})?(?:采|吃|推|充|站|碰|喝|烧|信|玩|下河|上山)|(?:容易|就|也|都)?会(?:引起|引发)?(?:中毒|起火|着火|爆炸|触电|自燃)"
)
# It is over: nobody has to be called.
_OVER: Final = Wording(
    r"来[电水气]了|[电水气](?:又|也|都)?来了|修好了|通车了|抢通了|火(?:早|已经|都)?灭了|扑灭了|找到了|找回来|回来了|抓到了|救上来了|人(?:都)?没事|没事了|(?:都|人|大家)平安|大家放心|好多了|退了|原来|是人家|就好|吓一跳|算了|好吃|[好真喷]香|[好搞]笑|热闹|好看|起劲|放假|喜酒了|没伤[着到]|没啥事|没大碍|盖上就|重启[^,。]{0,2}[就好]|够吃|罢了|重砌|解开"
)
_WEIGHED: Final = ((_HARM, 2.2), (_CALL, NEED), (_NOW, 0.8), (_OURS, 0.8))
_QUIET: Final = ((_IF, -4.0), (_PAST, -3.5), (_FIGURE, -3.0), (_OVER, -3.0))
_SCENES: Final = Wordings([(hazard, Wording(pattern)) for hazard, pattern in {**NATURE, **PEOPLE}.items()])


def tells(text: str) -> bool:
    """Whether somebody who is there seems to tell, in a normalised text, whatever it is."""
    return bool(VOICE.search(text)) and len(text) <= _LONGEST and not _REPORT.search(text)


def seen(text: str) -> list[Hit]:
    """What befell which thing in a normalised text that is told, a hit a hazard; empty where nobody tells."""
    if not tells(text):
        return []
    hits = [Hit(found.start(), found.group(), hazard, _WEIGHT) for hazard, found in _SCENES.found(text)]
    return hits or _field(text)


def _field(text: str) -> list[Hit]:
    if len(text) > _SHORT:
        return []
    found = about(text)
    if not found:
        return []
    hazard, word, points = found
    return [Hit(text.find(word), word, hazard, _FIELD_WEIGHT.get(points, _FULL_FIELD))]


def weigh(text: str) -> list[Because]:
    """Harm, calls for help and what speaks against it, in a normalised text that tells of a hazard."""
    said = [Because(found.group(), weight) for pattern, weight in _WEIGHED if (found := pattern.search(text))]
    if not any(one.weight >= NEED for one in said):
        serious, uneasy = SERIOUS.search(text), UNEASE.search(text)
        said += [Because(serious.group(), NEED)] if serious else []
        said += [Because(uneasy.group(), _UNEASE)] if uneasy and not serious else []
    calls = any(reason.weight >= NEED for reason in said)
    against = [
        Because(found.group(), weight) for pattern, weight in _QUIET if (found := pattern.search(text))
    ]
    planned = None if calls else _PLANNED.search(text)
    return [*said, *against, *([Because(planned.group(), -4.0)] if planned else [])]


def might(text: str) -> list[Because]:
    """What says, in a normalised text, that neighbours warn of what has not happened."""
    found = _MIGHT.search(text)
    return [Because(found.group(), -4.0)] if found else []
