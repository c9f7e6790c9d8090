"""The house prices through the hub: two registered files that pandas can read."""

import pandas as pd
from d2l import mxnet as d2l

NAMES = {"kaggle_house_train": (1460, 81), "kaggle_house_test": (1459, 80)}


def read(name):
    return pd.read_csv(d2l.download(name), keep_default_na=False, na_values=["NA"])


def test_registered_under_their_public_names():
    assert d2l.DATA_HUB["kaggle_house_train"] == (
        "kaggle_house_pred_train.csv",
        "585e9cc93e70b39160e7921475f9bcd7d31219ce",
    )
    assert d2l.DATA_HUB["kaggle_house_test"] == (
        "kaggle_house_pred_test.csv",
        "fa19780a7b011d9b009e8bff8e99922a8ee2eb90",
    )


def test_addresses_are_those_of_the_public_hub(monkeypatch):
    monkeypatch.delenv("D2L_HUB", raising=False)
    file, _ = d2l.DATA_HUB["kaggle_house_train"]
    assert d2l.hub_addresses(file)[0] == d2l.DATA_URL + "kaggle_house_pred_train.csv"


def test_sample_files_load(hub):
    for name, shape in NAMES.items():
        assert read(name).shape == shape


def test_what_is_there_is_not_fetched_again(hub, monkeypatch):
    first = d2l.download("kaggle_house_train")
    monkeypatch.setattr(d2l, "fetch", None)
    assert d2l.download("kaggle_house_train") == first


def test_real_files_load_and_are_the_registered_ones(real):
    for name, shape in NAMES.items():
        assert read(name).shape == shape
        assert d2l.sha1sum(d2l.download(name)) == d2l.DATA_HUB[name][1]


def test_real_files_have_the_known_first_rows(real):
    t = read("kaggle_house_train").iloc[:4]
    assert t["SalePrice"].tolist() == [208500, 181500, 223500, 140000]
    assert t["MSSubClass"].tolist() == [60, 20, 60, 70]
    assert t["SaleCondition"].tolist() == ["Normal", "Normal", "Normal", "Abnorml"]


def test_real_files_make_331_features(real):
    frames = [read(name).drop(columns="Id") for name in NAMES]
    frames[0] = frames[0].drop(columns="SalePrice")
    features = pd.get_dummies(pd.concat(frames), dummy_na=True)
    assert features.shape == (2919, 331)
