"""What a telling is about when no pattern says it: words of each hazard's field, and signs that somebody is in distress.

    several words of one field + a sign of distress → the field's hazard

Nobody can list every way to tell (一头扎进水塘, 走了半边山); but who tells of a wreck speaks of brakes, doors and firemen.
Weaker than a pattern, and used only where none matched.
"""

from __future__ import annotations

from typing import Final

from classifiers.reading import Wording

LEAST: Final = 2
"""Different words of one field that are enough."""

DISTRESS: Final = Wording(
    r"没人敢|不敢|打不通|压不住|止不住|控制不住|顶不住|撑不住|来不及|快不行|没出来|没上来|没回来|没起来|没下来|出不来|下不来|回不来|过不去|走不了|困[在住]|夹[着住在]|埋[了在]|压[扁住在到]|"
    r"砸[扁中到在]|警车|消防|救护车|120|119|110|报警|占线|求大家|求转|转一下|帮忙找|急死|急人|腿软|吓[死人得]|摇头|没见过|没得[^,。]{0,4}了|血|背着|往高处|往坡上|往外[跑喷]|哭|喊|抬|"
    r"昏|晕|倒下|软下去|倒了|没气|没了|死了|送医|医院|住院|抢救|请假的|跑厕所|都在家|吐|抽筋|揭不开|越来越[多大近]|还在[往冒烧涨流漏]|不见了|找不到|没了影|人没了|绝收|全完了|完了|飞到|"
    r"推倒|推不开|冲[走垮]|断了"
)
_FIELDS: Final = {
    "flood": r"水位|涨水|洪水|大水|圩堤|河堤|堤坝|堤上|堤底|大坝|水库|沙袋|巡堤|冲锋舟|皮划艇|淹|齐腰|膝盖|水深|泄洪|山洪|管涌|冒黄水|浑水|倒灌|阁楼|坡上|高处|水里|水急|桥头",
    "rainstorm": r"大雨|暴雨|雨砸|雨水|雨点|漏雨|漏成|瓢泼|落雨|雨太大|一夜|沟都满|排水|下水道|雨越",
    "drought": r"干旱|天干|不下雨|没下雨|裂开|见底|绝收|抽不[上出]水|水泵|抽上来|卷成|卷叶|枯|旱|浇不上|渴死|打井|送水",
    "heat": r"日头|太阳底下|烫得|中暑|热射病|暴晒|\d+度|煎蛋|滚烫|闷热|热得|发烫|大热天|脸煞白|扫着扫着|干着干着|软下去|降温",
    "cold_wave": r"冻雨|结冰|冰凌|大雪|雪压|封山|冻住|冻裂|防滑链|打滑|雪太厚|树枝[^,。]{0,3}断|推不开|冰|雪",
    "typhoon": r"台风|风圈|登陆|狂风|防风",
    "thunderstorm_hail": r"龙卷风|冰雹|雹|炸雷|闪电|打雷|狂风|怪风|旋风|掀|吹翻|半天上|铁皮|棚[^,。]{0,2}飞|风好大|雷",
    "geological": r"后山|后面[^,。]{0,3}响|滑坡|塌方|垮山|山垮|石头|滚石|泥石流|泥浆|裂缝|半边|走了半边|哗啦|边坡|土方|埋|地缝|坡上|山上|竹山|猪栏没|山体|滚到",
    "earthquake": r"地震|晃|摇|余震|震|吊灯|荡出来|摆来摆去|跑下楼|感觉到|鱼缸|墙皮|床在动",
    "forest_fire": r"山火|山脊|火线|林子|护林员|打火|茅草|烧山|竹林|松林|山头|对面山|灭火队|风力灭火|杉木",
    "fire": r"着火|起火|火苗|火光|喷火|浓烟|黑烟|烟|烧起来|烧了|连烧|烧光|烧到|卷闸门|灭火器|床单|窗口|火势|扑灭|焦糊|店铺",
    "hazmat_explosion": r"煤气|液化气|气罐|换气|氨|氯|毒气|化工|刺鼻|爆炸|炸了|炸得|烟花|鞭炮|火药|罐车|嘶嘶|闷响|巨响|闻到|气味|味道冲|喷|噼里啪啦",
    "mine": r"井下|矿|洞里|顶板|打眼|窿|罐笼|掘进|矿灯|升井|瓦斯|出渣|放炮|同班|巷|冒顶|透水",
    "traffic": r"刹车|方向盘|半挂|追尾|拖拉机|摩托|三轮|驾驶室|车斗|车门|车头|小车|大车|货车|客车|面包车|轿车|翻|撞|扎进|压扁|甩出|渡船|下坡|弯道|路中间|司机|坐了",
    "construction": r"架子|脚手架|浇顶|混凝土|工地|楼板|承重墙|塔吊|吊车|大梁|屋顶|塌|垮|砖墙|钢筋|模板|预制板|三层楼|盖楼|散了|电梯|吊篮|广告牌",
    "utility_outage": r"停电|停水|停气|断电|断水|没水|没电|没信号|抢修|热线|变压器|水管|揭不开|占线|电线|蜡烛|提水",
    "environmental_pollution": r"死鱼|发臭|恶臭|排污|黑水|油花|彩色|泡沫|井里|井水|水源|药味|废水|废渣|翻肚|化工厂|挑水|狗喝|沟里|河面|河里",
    "infectious_disease": r"发烧|咳|疹|小泡|水泡|水痘|传染|隔离|请假|红眼|高烧|越来越多|托儿所|幼儿园|班上|停课|腮腺",
    "food_safety": r"吃|食堂|团餐|聚餐|酒席|饭菜|盒饭|拉肚子|跑厕所|吐|肚子|打吊针|馊|外卖|凉菜|请假",
    "animal_epidemic": r"猪|牛|鸡|鸭|羊|栏|兽医|瘟|沫|一头接一头|一只接一只|养殖|圈里|倒|扔",
    "drug_vaccine": r"打针|疫苗|药|输液|批号|胶囊|过敏|诊所|抽筋|接种|吊瓶",
    "poisoning": r"煤炉|炭|窗户|封得|没起来|叫不醒|熏|菌|农药|中毒|白沫|沼气|粪池|地窖|煤球|热水器|宿舍|蛇|野菜",
    "fraud": r"骗|转账|转了|群主|返三|返利|返|投|本金|群[^,。]{0,2}解散|人没了|验证码|客服|贷款|养老钱|取不出",
    "public_order": r"砍|刀|打架|打起来|几十号|警车|不见了|走丢|寻|书包|找|走失|报警|棍|对砍|放学|孙子|监控",
    "panic_buying": r"抢|空了|断货|囤|卖到|涨到|排队|限购|听说要|菜场|超市|货架|封",
    "cyber": r"电脑|系统|锁屏|病毒|黑客|弹窗|解锁|数据|比特币|服务器|打不开",
}
FIELDS: Final = tuple((hazard, Wording(pattern)) for hazard, pattern in _FIELDS.items())


def about(text: str) -> tuple[str, str] | None:
    """The hazard whose field a normalised text speaks of, with its first word; None without distress or a field."""
    if not DISTRESS.search(text):
        return None
    best: tuple[int, str, str] | None = None
    for hazard, pattern in FIELDS:
        words = {found.group() for found in pattern.finditer(text)}
        if len(words) >= max(LEAST, best[0] + 1 if best else 0):
            first = pattern.search(text)
            best = (len(words), hazard, first.group() if first else "")
    return best[1:] if best else None
