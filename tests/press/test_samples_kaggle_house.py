"""The sample house sales: the real format, and prices that can be learned."""

import io
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from press.samples import kaggle_house

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "hub"
PARTS = ("train", "test")


def read(folder, part):
    path = folder / f"kaggle_house_pred_{part}.csv"
    return pd.read_csv(path, keep_default_na=False, na_values=["NA"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    start = time.process_time()
    kaggle_house.write(folder)
    assert time.process_time() - start < 3
    return folder


@pytest.fixture(scope="module")
def sample(folder):
    return {part: read(folder, part) for part in PARTS}


@pytest.fixture(scope="module")
def real():
    if not (REAL / "kaggle_house_pred_train.csv").is_file():
        pytest.skip(f"needs the real house prices in {REAL}")
    return {part: read(REAL, part) for part in PARTS}


# --- the format -----------------------------------------------------------------------


def test_plain_text_with_one_row_a_line(folder):
    for part, rows in zip(PARTS, (1460, 1459), strict=True):
        data = (folder / f"kaggle_house_pred_{part}.csv").read_bytes()
        assert b"\r" not in data and b'"' not in data and data.endswith(b"\n")
        lines = data.decode("ascii").splitlines()
        assert len(lines) == rows + 1
        assert {line.count(",") for line in lines} == {80 if part == "train" else 79}
        assert len(pd.read_csv(io.BytesIO(data))) == rows


def test_identifiers_go_on_in_the_test_file(sample):
    ids = pd.concat([sample["train"]["Id"], sample["test"]["Id"]])
    assert ids.tolist() == list(range(1, 2920))
    assert "SalePrice" not in sample["test"]


@pytest.mark.parametrize("part", PARTS)
def test_header_types_and_gaps_are_the_real_ones(part, sample, real):
    ours, theirs = sample[part], real[part]
    assert list(ours.columns) == list(theirs.columns)
    assert ours.dtypes.tolist() == theirs.dtypes.tolist()
    gaps = [frame.isna().mean() for frame in (ours, theirs)]
    assert ((gaps[0] > 0) == (gaps[1] > 0)).all()
    assert (gaps[0] - gaps[1]).abs().max() < 0.06


def test_codes_are_real_codes_and_numbers_of_the_real_size(sample, real):
    ours, theirs = (pd.concat(tables.values()) for tables in (sample, real))
    for name in theirs.select_dtypes(exclude="number"):
        assert set(ours[name].dropna()) <= set(theirs[name].dropna()), name
    assert set(ours["MSSubClass"]) <= set(theirs["MSSubClass"])
    for name in theirs.select_dtypes("number").columns.drop(["Id", "SalePrice"]):
        spread = theirs[name].std()
        assert abs(ours[name].mean() - theirs[name].mean()) < spread / 2, name
        assert theirs[name].min() - spread <= ours[name].min(), name
        assert ours[name].max() <= theirs[name].max() + 2 * spread, name


def test_no_house_is_a_copy_of_a_real_one(folder, real):
    def rows(hub):
        for part in PARTS:
            text = (hub / f"kaggle_house_pred_{part}.csv").read_text()
            yield from (
                line.split(",", 1)[1].rsplit(",", 1)[0] for line in text.splitlines()
            )

    def features(hub):
        return {",".join(row.split(",")[:78]) for row in rows(hub)}

    shared = features(folder) & features(REAL)
    assert len(shared) == 1  # the header


# --- houses that make sense -----------------------------------------------------------


def test_parts_of_a_house_agree(sample):
    for t in sample.values():
        floors = t["1stFlrSF"] + t["2ndFlrSF"] + t["LowQualFinSF"]
        assert (floors == t["GrLivArea"]).all()
        whole = t[["BsmtFinSF1", "BsmtFinSF2", "BsmtUnfSF"]].sum(axis=1, skipna=False)
        known = whole.notna() & t["TotalBsmtSF"].notna()
        assert (whole == t["TotalBsmtSF"])[known].all()
        assert (t["YearBuilt"] <= t["YearRemodAdd"].clip(lower=1951)).all()
        assert (t["YearRemodAdd"] <= t["YrSold"]).all()
        assert (t["YearBuilt"] <= t["YrSold"]).all()
        assert not ((t["YrSold"] == 2010) & (t["MoSold"] > 7)).any()


def test_gaps_mean_something(sample):
    t = sample["train"]
    assert (t["GarageType"].isna() == (t["GarageArea"] == 0)).all()
    assert (t["BsmtQual"].isna() == (t["TotalBsmtSF"] == 0)).all()
    assert (t["FireplaceQu"].isna() == (t["Fireplaces"] == 0)).all()
    assert (t["PoolQC"].isna() == (t["PoolArea"] == 0)).all()
    # The width at the street is missing more often where the plot is odd.
    odd = t["LotShape"] != "Reg"
    gap = t["LotFrontage"].isna()
    assert gap[odd].mean() > 1.5 * gap[~odd].mean()


def test_some_codes_occur_in_one_file_only(sample):
    different = [
        name
        for name in sample["test"].select_dtypes(exclude="number")
        if set(sample["train"][name].dropna()) != set(sample["test"][name].dropna())
    ]
    assert {"Utilities"} < set(different)


def test_other_sizes_and_seeds(tmp_path):
    tables = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        kaggle_house.write(folder, 50, 20, seed)
        tables.append(read(folder, "train"))
        assert len(tables[-1]) == 50 and len(read(folder, "test")) == 20
    assert (tables[0]["SalePrice"] != tables[1]["SalePrice"]).mean() > 0.9


def test_exponential_and_logarithm():
    x = np.linspace(-2.5, 2.5, 101)
    assert np.abs(kaggle_house._exp(x) / np.exp(x) - 1).max() < 1e-4
    y = np.linspace(0.1, 10, 101)
    assert np.abs(kaggle_house._log(y) - np.log(y)).max() < 1e-4


# --- prices that can be learned -------------------------------------------------------


def design(t, rows):
    """Standardised numbers, logarithms of long tails, indicators; learned from rows."""
    t = t.drop(columns=["Id", "SalePrice"])
    numbers = t.select_dtypes("number").drop(columns="MSSubClass").astype(float)
    tails = [c for c in numbers if numbers[c].min() >= 0 and numbers[c].skew() > 1]
    numbers[tails] = np.log1p(numbers[tails])
    spread = numbers.iloc[rows].std().replace(0, 1)
    numbers = ((numbers - numbers.iloc[rows].mean()) / spread).clip(-4, 4).fillna(0)
    words = t.astype({"MSSubClass": "str"}).select_dtypes(exclude="number")
    return numbers, pd.get_dummies(words, dummy_na=True).astype(float)


def ridge_error(X, y, train, test, penalty):
    centre, mean = X[train].mean(axis=0), y[train].mean()
    A = X[train] - centre
    normal = A.T @ A + penalty * np.eye(A.shape[1])
    w = np.linalg.solve(normal, A.T @ (y[train] - mean))
    errors = (X[test] - centre) @ w + mean - y[test]
    return float((errors**2).mean() ** 0.5)


def test_mean_below_line_below_a_model_with_interactions(sample):
    """The ranking that the real files have, too: each model is clearly better."""
    t = sample["train"]
    y = np.log(t["SalePrice"].to_numpy())
    order = np.random.RandomState(0).permutation(len(t))
    scores = []
    for test in np.array_split(order, 3):
        train = np.setdiff1d(order, test)
        numbers, words = design(t, train)
        main = ["GrLivArea", "OverallQual", "OverallCond", "YearBuilt", "BsmtFinSF1"]
        products = np.stack(
            [numbers[a] * numbers[b] for i, a in enumerate(main) for b in main[i:]], 1
        )
        line = np.hstack([numbers, words])
        scores.append(
            [
                float(((y[train].mean() - y[test]) ** 2).mean() ** 0.5),
                ridge_error(line, y, train, test, 10),
                ridge_error(np.hstack([line, products]), y, train, test, 10),
            ]
        )
    mean, line, curve = np.mean(scores, axis=0)
    assert 0.35 < mean < 0.45
    assert 0.10 < curve < line - 0.008 < 0.14
    assert line < 0.4 * mean
