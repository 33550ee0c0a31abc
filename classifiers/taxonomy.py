"""The codes everything is sorted by, with their Chinese and English names.

Emergency categories and levels follow 突发事件应对法 (art. 2 and art. 63). Holds names only; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Name:
    """One code's name in both languages of the desk."""

    zh: str
    en: str


@dataclass(frozen=True)
class Hazard:
    """A kind of emergency; `category` is a key of CATEGORIES."""

    category: str
    zh: str
    en: str


CATEGORIES: Final[dict[str, Name]] = {
    "natural_disaster": Name("自然灾害", "Natural disaster"),
    "accident": Name("事故灾难", "Accident"),
    "public_health": Name("公共卫生事件", "Public health"),
    "social_security": Name("社会安全事件", "Social security"),
}

# Art. 63: levels exist for the first three categories only.
LEVELS: Final[dict[str, Name]] = {
    "red": Name("红色（一级）", "Red (I)"),
    "orange": Name("橙色（二级）", "Orange (II)"),
    "yellow": Name("黄色（三级）", "Yellow (III)"),
    "blue": Name("蓝色（四级）", "Blue (IV)"),
}

HAZARDS: Final[dict[str, Hazard]] = {
    "flood": Hazard("natural_disaster", "洪涝", "Flood"),
    "rainstorm": Hazard("natural_disaster", "暴雨", "Rainstorm"),
    "drought": Hazard("natural_disaster", "干旱", "Drought"),
    "heat": Hazard("natural_disaster", "高温", "Heat"),
    "cold_wave": Hazard("natural_disaster", "寒潮雨雪冰冻", "Cold wave, snow and ice"),
    "typhoon": Hazard("natural_disaster", "台风", "Typhoon"),
    "thunderstorm_hail": Hazard("natural_disaster", "雷暴大风冰雹", "Thunderstorm, gale and hail"),
    "geological": Hazard("natural_disaster", "地质灾害", "Landslide and other ground failure"),
    "earthquake": Hazard("natural_disaster", "地震", "Earthquake"),
    "forest_fire": Hazard("natural_disaster", "森林火灾", "Forest fire"),
    "fire": Hazard("accident", "火灾", "Fire"),
    "hazmat_explosion": Hazard("accident", "危化品与爆炸", "Hazardous material and explosion"),
    "mine": Hazard("accident", "矿山事故", "Mine accident"),
    "traffic": Hazard("accident", "交通事故", "Traffic accident"),
    "construction": Hazard("accident", "建筑坍塌", "Building collapse"),
    "utility_outage": Hazard("accident", "停水停电停气", "Loss of water, power or gas"),
    "environmental_pollution": Hazard("accident", "环境污染", "Pollution"),
    "infectious_disease": Hazard("public_health", "传染病", "Infectious disease"),
    "food_safety": Hazard("public_health", "食品安全", "Food safety"),
    "animal_epidemic": Hazard("public_health", "动物疫情", "Animal epidemic"),
    "drug_vaccine": Hazard("public_health", "药品疫苗", "Drugs and vaccines"),
    "poisoning": Hazard("public_health", "中毒", "Poisoning"),
    "fraud": Hazard("social_security", "诈骗", "Fraud"),
    "public_order": Hazard("social_security", "治安", "Public order"),
    "panic_buying": Hazard("social_security", "抢购", "Panic buying"),
    "cyber": Hazard("social_security", "网络安全", "Cyber security"),
}

TOPICS: Final[dict[str, Name]] = {
    "health": Name("健康", "Health"),
    "food": Name("食品", "Food"),
    "agriculture": Name("农业", "Agriculture"),
    "environment": Name("环境生态", "Environment"),
    "weather": Name("天气气候", "Weather"),
    "disaster": Name("灾害", "Disaster"),
    "technology": Name("科技", "Technology"),
    "energy": Name("能源", "Energy"),
    "space": Name("航天", "Space"),
    "transport": Name("交通", "Transport"),
    "education": Name("教育", "Education"),
    "finance_fraud": Name("金融与诈骗", "Finance and fraud"),
    "society": Name("社会", "Society"),
    "other": Name("其他", "Other"),
}

AUDIENCES: Final[dict[str, Name]] = {
    "teens": Name("青少年", "Young people"),
    "farmers": Name("农民", "Farmers"),
    "workers": Name("产业工人", "Workers"),
    "elderly": Name("老年人", "Older people"),
    "officials": Name("领导干部和公务员", "Officials"),
    "general": Name("公众", "Everybody"),
}

VERDICTS: Final[dict[str, Name]] = {
    "false": Name("谣言", "False"),
    "misleading": Name("误导", "Misleading"),
    "out_of_context": Name("断章取义", "Out of context"),
    "unproven": Name("证据不足", "Unproven"),
    "true": Name("属实", "True"),
}
