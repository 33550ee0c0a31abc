"""Serving gives scikit-learn's numbers, and a model folder gives back what was put in, or an error."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from classifiers import features, model_file
from classifiers.model import Column, Model, Space, sigmoid

FLOODS = [
    "锦江水位上涨超警戒",
    "水库开闸泄洪，请注意",
    "山洪冲毁道路",
    "洪水围困村庄，救援到达",
    "洪水洪水洪水来了",
]
DAYS = ["图书馆周末开放", "油茶丰收了", "新歌今天上线", "学校举行运动会", "公园里的花开了，很好看"]
QUESTIONS = [*FLOODS, *DAYS, "洪水中的图书馆", "完全没见过的字", "", "水" * 300]


def fitted() -> tuple[Space, object]:
    vectorizer = TfidfVectorizer(analyzer=features.features, sublinear_tf=True)
    pipeline = make_pipeline(vectorizer, LogisticRegression(C=20))
    pipeline.fit([features.plain(text) for text in FLOODS + DAYS], [1] * len(FLOODS) + [0] * len(DAYS))
    regression = pipeline[-1]
    idf = np.asarray(vectorizer.idf_)
    space = Space(
        terms=tuple(vectorizer.get_feature_names_out()),
        idf=idf,
        weights=(regression.coef_[0] * idf)[:, None],
        bias=np.asarray(regression.intercept_),
        columns=(Column("emergency", ""),),
    )
    return space, pipeline


def test_folded_scores_equal_scikit_learn_within_1e_12() -> None:
    space, pipeline = fitted()
    plain = [features.plain(text) for text in QUESTIONS]
    wanted = pipeline.predict_proba(plain)[:, 1]  # type: ignore[attr-defined]
    found = [space.columns[0].probability(float(space.margins(features.features(text))[0])) for text in plain]
    assert np.abs(np.asarray(found) - wanted).max() < 1e-12


@pytest.mark.parametrize("text", [text for text in QUESTIONS if text])
def test_what_the_words_contribute_adds_up_to_the_margin(text: str) -> None:
    space, _ = fitted()
    plain = features.plain(text)
    margin = float(space.margins(features.features(plain))[0])
    total = sum(weight for _, weight in space.contributions(plain, 0)) + float(space.bias[0])
    assert total == pytest.approx(margin, abs=1e-9)


def test_spans_are_the_same_features() -> None:
    plain = features.plain("锦江水位上涨,超警戒1.5米")
    assert sorted(term for term, _, _ in features.spans(plain)[1]) == sorted(features.features(plain))


def test_platform_marks_and_numbers_are_masked() -> None:
    raw = "【提醒】#宜春暴雨# @气象台：降雨123.4毫米 https://t.cn/abc"
    assert features.plain(raw) == features.plain("提醒宜春暴雨 降雨567.8毫米 ")


def saved(folder: Path) -> Model:
    space, _ = fitted()
    return model_file.save(Model("new", (space,), {"why": "test"}), folder)


def test_a_saved_model_is_read_back(tmp_path: Path) -> None:
    space, _ = fitted()
    model = saved(tmp_path)
    assert model.spaces[0].terms == space.terms
    assert np.abs(model.spaces[0].weights - space.weights).max() < 1e-3
    assert model.spaces[0].columns == space.columns
    assert model.card == {"why": "test"}
    assert model.version.startswith("qy-")


def test_the_same_model_is_the_same_bytes(tmp_path: Path) -> None:
    saved(tmp_path / "one")
    saved(tmp_path / "two")
    for name in ("manifest.json", "space-0.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    path = tmp_path / "space-0.npz"
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(model_file.ModelError, match="sha256"):
        model_file.load(tmp_path)


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["spaces"][0]["file"] = "../space-0.npz"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(model_file.ModelError, match="outside"):
        model_file.load(tmp_path)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "spaces": [{}]}'])
def test_a_broken_manifest_is_one_error(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(model_file.ModelError):
        model_file.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("threshold", "0.5"), ("threshold", math.nan), ("slope", None), ("offset", math.inf), ("task", 7)],
)
def test_a_question_with_numbers_that_are_none_is_refused(tmp_path: Path, name: str, value: object) -> None:
    saved(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["spaces"][0]["columns"][0][name] = value
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(model_file.ModelError, match=name):
        model_file.load(tmp_path)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = saved(tmp_path / "good")
    space = replace(model.spaces[0], bias=np.full_like(model.spaces[0].bias, np.nan))
    with pytest.raises(model_file.ModelError, match="numbers"):
        model_file.save(replace(model, spaces=(space,)), tmp_path / "bad")


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    import hashlib

    saved(tmp_path)
    np.savez(tmp_path / "evil.npz", terms=np.array([{"a": 1}], dtype=object))
    content = (tmp_path / "evil.npz").read_bytes()
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    entry = {"file": "evil.npz", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest["spaces"][0] |= entry
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(model_file.ModelError, match="allow_pickle"):
        model_file.load(tmp_path)


def test_the_logistic_function_does_not_overflow() -> None:
    assert sigmoid(-10_000) == 0.0
    assert sigmoid(10_000) == 1.0
