"""The house-price competition's stand-in: invented sales in an invented town.

The two files have the columns, the codes and the marks of missing values of the real
ones (De Cock's table of sales in Ames, as Kaggle divides it), and the same numbers of
rows. The houses are drawn by a model of our own. A neighbourhood has an era, a level of
prices, a size of plots and a kind of building; a house has an age, a size and a quality
that depend on it; basement, garage, baths, materials and ratings follow from these.

The logarithm of a price is a sum over all this and noise, with three things in it that
a straight line cannot express: size pays more where the quality and the neighbourhood
are good, the condition matters more the older a house is, and effects of age, garage
and plot saturate. So the mean price is beaten by a linear model, and a linear model by
a network. As in the real table a few large houses were sold far below their worth, and
a cell without an entry often says something: no pool, no alley, no garage, or (for the
width of a plot at the street) a plot of odd shape.

Only operations that IEEE 754 rounds correctly are used, so `_exp` and `_log` stand for
those of the C library; and sums are written out, since libraries add in any order.
"""

import numpy as np

from press.samples._tools import Random

NUM_TRAIN, NUM_TEST = 1460, 1459

# code, share of sales, mean year, spread, price level, size, plot in sq ft, kind
TOWN = (
    ("Blmngtn", 12, 2003, 3, 0.10, 0.00, 3300, "town"),
    ("Blueste", 6, 1981, 4, -0.04, -0.06, 2600, "town"),
    ("BrDale", 15, 1972, 3, -0.22, -0.16, 2100, "town"),
    ("BrkSide", 56, 1931, 13, -0.10, -0.16, 6900, "old"),
    ("ClearCr", 22, 1964, 14, 0.16, 0.16, 17500, "hill"),
    ("CollgCr", 132, 1999, 6, 0.08, 0.02, 9400, "new"),
    ("Crawfor", 52, 1942, 16, 0.18, 0.14, 10800, "hill"),
    ("Edwards", 97, 1956, 19, -0.14, -0.10, 9100, "mid"),
    ("Gilbert", 82, 1998, 4, 0.03, 0.08, 10600, "new"),
    ("IDOTRR", 44, 1928, 17, -0.30, -0.16, 7600, "rail"),
    ("MeadowV", 18, 1973, 4, -0.30, -0.22, 2400, "town"),
    ("Mitchel", 57, 1983, 13, -0.02, -0.08, 10700, "mid"),
    ("NAmes", 221, 1960, 6, -0.06, -0.08, 9700, "mid"),
    ("NPkVill", 12, 1976, 3, -0.08, -0.12, 2500, "town"),
    ("NWAmes", 65, 1975, 5, 0.02, 0.12, 11600, "mid"),
    ("NoRidge", 36, 1996, 4, 0.30, 0.40, 13400, "new"),
    ("NridgHt", 83, 2005, 3, 0.30, 0.22, 10900, "new"),
    ("OldTown", 119, 1923, 19, -0.20, -0.06, 8000, "old"),
    ("SWISU", 24, 1925, 9, -0.12, 0.10, 7400, "old"),
    ("Sawyer", 75, 1963, 7, -0.10, -0.14, 9900, "mid"),
    ("SawyerW", 62, 1989, 9, 0.00, 0.04, 9800, "new"),
    ("Somerst", 91, 2004, 3, 0.16, 0.06, 7600, "village"),
    ("StoneBr", 26, 1999, 7, 0.36, 0.20, 10300, "new"),
    ("Timber", 36, 1992, 12, 0.20, 0.12, 15000, "hill"),
    ("Veenker", 12, 1980, 8, 0.18, 0.06, 14500, "hill"),
)
KINDS = ("new", "mid", "old", "rail", "hill", "town", "village")

COLUMNS = """
    Id MSSubClass MSZoning LotFrontage LotArea Street Alley LotShape LandContour
    Utilities LotConfig LandSlope Neighborhood Condition1 Condition2 BldgType HouseStyle
    OverallQual OverallCond YearBuilt YearRemodAdd RoofStyle RoofMatl Exterior1st
    Exterior2nd MasVnrType MasVnrArea ExterQual ExterCond Foundation BsmtQual BsmtCond
    BsmtExposure BsmtFinType1 BsmtFinSF1 BsmtFinType2 BsmtFinSF2 BsmtUnfSF TotalBsmtSF
    Heating HeatingQC CentralAir Electrical 1stFlrSF 2ndFlrSF LowQualFinSF GrLivArea
    BsmtFullBath BsmtHalfBath FullBath HalfBath BedroomAbvGr KitchenAbvGr KitchenQual
    TotRmsAbvGrd Functional Fireplaces FireplaceQu GarageType GarageYrBlt GarageFinish
    GarageCars GarageArea GarageQual GarageCond PavedDrive WoodDeckSF OpenPorchSF
    EnclosedPorch 3SsnPorch ScreenPorch PoolArea PoolQC Fence MiscFeature MiscVal MoSold
    YrSold SaleType SaleCondition SalePrice
""".split()

# Where single entries are lost in the test file (column: how many), as in the real one.
LOST = {
    "MSZoning": 4,
    "Utilities": 2,
    "Exterior1st": 1,
    "Exterior2nd": 1,
    "BsmtFinSF1": 1,
    "BsmtFinSF2": 1,
    "BsmtUnfSF": 1,
    "TotalBsmtSF": 1,
    "BsmtFullBath": 2,
    "BsmtHalfBath": 2,
    "KitchenQual": 1,
    "Functional": 2,
    "GarageCars": 1,
    "GarageArea": 1,
    "SaleType": 1,
}


def write(folder, num_train=NUM_TRAIN, num_test=NUM_TEST, seed=2011):
    """Write the two CSV files into `folder`."""
    table = draw(num_train, num_test, seed)
    for part, rows in (("train", slice(num_train)), ("test", slice(num_train, None))):
        names = COLUMNS if part == "train" else COLUMNS[:-1]
        lines = [",".join(names)]
        lines += map(",".join, zip(*(table[name][rows] for name in names), strict=True))
        path = folder / f"kaggle_house_pred_{part}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def draw(num_train, num_test, seed):
    """Draw all sales: {column: list of num_train + num_test texts, as in the files}."""
    town = _Town(Random(seed), num_train + num_test)
    columns = town.sales()
    table = {name: [str(value) for value in columns[name]] for name in COLUMNS}
    rng = Random(seed + 1)

    def lose(column, rows):
        for row in rows:
            table[column][row] = "NA"

    if num_test >= 100:
        for column, count in LOST.items():
            lose(column, num_train + rng.permutation(num_test)[:count])
        lose("Electrical", rng.permutation(num_train)[:1])
    return table


# --- mathematics without the C library ----------------------------------------------


def _exp(x):
    """Nearly e to the x, the same to the last bit on every machine."""
    y = 1 + x / 65536
    for _ in range(16):
        y = y * y
    return y


def _log(x):
    """Nearly the natural logarithm of x, the same on every machine."""
    for _ in range(16):
        x = np.sqrt(x)
    return (x - 1) * 65536


def _whole(x):
    """Round to integers."""
    return np.floor(x + 0.5).astype(np.int64)


# --- the sales -----------------------------------------------------------------------


class _Town:
    """n sales: every method draws one part of all houses from what is known so far."""

    def __init__(self, rng, n):
        self.rng, self.n = rng, n

    # random choices, one for each house

    def bell(self, mean=0.0, spread=1.0):
        return self.rng.bell((self.n,), 0.0, 1.0) * spread + mean

    def between(self, low, high):
        return self.rng.uniform((self.n,)) * (high - low) + low

    def chance(self, p):
        return self.rng.uniform((self.n,)) < p

    def pick(self, **weights):
        """A code for each house; a weight is a number, or one for each house.

        In the keywords `_` stands for a space, and a leading `_` is dropped.
        """
        return self.choose(
            {k.lstrip("_").replace("_", " "): w for k, w in weights.items()}
        )

    def choose(self, weights):
        names = list(weights)
        total = np.zeros(self.n)
        sums = []
        for name in names:
            total = total + np.maximum(weights[name], 0)
            sums.append(total)
        mark = self.rng.uniform((self.n,)) * total
        index = np.zeros(self.n, np.int64)
        for level in sums[:-1]:
            index = index + (mark >= level)
        return np.array(names, dtype=object)[index]

    def rating(self, quality, *cuts, codes=("Po", "Fa", "TA", "Gd", "Ex"), blur=0.5):
        """A code by comparing quality plus noise with rising cuts."""
        seen = quality + self.bell(0, blur)
        index = np.zeros(self.n, np.int64)
        for cut in cuts:
            index = index + (seen > cut)
        return np.array(codes, dtype=object)[index]

    # the parts, in the order in which they depend on each other

    def sales(self):
        """Draw everything: {column: array of integers or texts}."""
        self.columns = c = {"Id": np.arange(1, self.n + 1)}
        self.place()
        self.house()
        self.floors()
        self.outside()
        self.basement()
        self.inside()
        self.garage()
        self.garden()
        self.sale()
        c["SalePrice"] = self.price()
        return c

    def place(self):
        c = self.columns
        codes = np.array([row[0] for row in TOWN], dtype=object)
        hood = self.choose({i: row[1] for i, row in enumerate(TOWN)}).astype(np.int64)
        c["Neighborhood"] = codes[hood]
        self.year0, self.spread, self.level, self.size0, self.plot0 = (
            np.array([row[k] for row in TOWN], dtype=np.float64)[hood]
            for k in range(2, 7)
        )
        kind = np.array([KINDS.index(row[7]) for row in TOWN])[hood]
        self.kind = {name: kind == i for i, name in enumerate(KINDS)}
        k = self.kind
        old = k["old"] | k["rail"]
        c["MSZoning"] = self.choose(
            {
                "RL": np.where(old, 28, np.where(k["town"], 25, 96))
                * np.where(k["village"], 0.3, 1),
                "RM": np.where(old, 62, np.where(k["town"], 73, 3)),
                "FV": np.where(k["village"], 75, 0),
                "RH": np.where(old, 4, 0.6),
                "C (all)": np.where(k["rail"], 25, np.where(old, 1.5, 0)),
            }
        )
        c["MoSold"] = self.choose(
            dict(
                zip(range(1, 13), (4, 4, 7, 10, 14, 17, 16, 8, 4, 6, 5, 4), strict=True)
            )
        ).astype(np.int64)
        late = c["MoSold"] > 7
        years = dict.fromkeys(range(2006, 2010), 22)
        c["YrSold"] = self.choose({**years, 2010: np.where(late, 0, 20)}).astype(
            np.int64
        )
        self.near = self.bell()  # what the neighbourhood is like just here
        c["Condition1"] = self.choose(
            {
                "Norm": 86,
                "Feedr": np.where(old, 9, 5),
                "Artery": np.where(old, 7, 2),
                "RRAn": 1.8,
                "PosN": np.where(k["hill"], 5, 1.2),
                "RRAe": 0.8,
                "PosA": 0.6,
                "RRNn": 0.35,
                "RRNe": 0.2,
            }
        )
        plain = c["Condition1"] == "Norm"
        c["Condition2"] = self.choose(
            {
                "Norm": 98,
                "Feedr": np.where(plain, 0, 3),
                "Artery": np.where(plain, 0, 1),
                "PosN": np.where(plain, 0.05, 0.6),
                "PosA": 0.1,
                "RRNn": np.where(plain, 0, 0.6),
            }
        )
        c["Street"] = self.pick(Pave=99.6, Grvl=0.4)
        c["Alley"] = self.pick(
            NA=90, Grvl=np.where(old, 16, 0.4), Pave=np.where(old | k["village"], 12, 0)
        )
        c["Utilities"] = np.full(self.n, "AllPub", dtype=object)
        c["Utilities"][self.n // 3] = "NoSeWa"

    def house(self):
        c, k = self.columns, self.kind
        self.wealth = self.bell(0, 1)
        built = _whole(self.year0 + self.bell(0, 1) * self.spread)
        c["YearBuilt"] = np.clip(built, 1872, c["YrSold"])
        self.age = age = (c["YrSold"] - c["YearBuilt"]).astype(np.float64)
        modern = np.clip((c["YearBuilt"] - 1940) / 65, -0.4, 1.05)
        self.q = q = (
            2.0 * (modern - 0.5) + 2.2 * self.level + 0.45 * self.wealth
            + self.bell(0, 0.55)
        )  # fmt: skip
        c["OverallQual"] = np.clip(_whole(5.85 + 1.12 * q), 1, 10)
        kept = self.chance(np.clip(age / 90, 0, 0.75)) & (age > 8)
        c["OverallCond"] = np.clip(
            np.where(
                age < 8, 5, _whole(5.35 + 1.0 * kept + self.bell(0, 0.95) + 0.2 * q)
            ),
            1,
            9,
        )
        when = c["YrSold"] - _whole(self.between(0, 1) * np.clip(age, 0, 25))
        c["YearRemodAdd"] = np.maximum(
            np.where(kept, when, c["YearBuilt"]), 1950
        )  # the real table starts in 1950, too
        c["YearRemodAdd"] = np.minimum(c["YearRemodAdd"], c["YrSold"])
        town = k["town"] | (k["village"] & self.chance(0.3)) | self.chance(0.015)
        double = ~town & self.chance(np.where(k["new"] | k["village"], 0.005, 0.055))
        flats = ~town & ~double & self.chance(np.where(age > 50, 0.08, 0))
        end = self.chance(0.7)
        c["BldgType"] = np.where(
            town,
            np.where(end, "TwnhsE", "Twnhs"),
            np.where(double, "Duplex", np.where(flats, "2fmCon", "1Fam")),
        ).astype(object)
        self.town_house, self.double, self.flats = town, double, flats

    def floors(self):
        c, age = self.columns, self.age
        c["HouseStyle"] = style = self.choose(
            {
                "1Story": np.where(age > 62, 22, np.where(age > 20, 62, 45)),
                "2Story": np.where(age > 62, 28, np.where(age > 20, 20, 50)),
                "1.5Fin": np.where(age > 45, 44, 0.2),
                "SLvl": np.where((age > 8) & (age < 55), 11, 1),
                "SFoyer": np.where((age > 8) & (age < 50), 7, 1),
                "1.5Unf": np.where(age > 60, 3, 0),
                "2.5Unf": np.where(age > 75, 3, 0),
                "2.5Fin": np.where(age > 85, 2, 0),
            }
        )
        one = np.isin(style, ["1Story", "SLvl", "SFoyer", "1.5Unf"])
        self.s = s = (
            0.75 * self.size0
            + 0.085 * self.wealth
            + 0.09 * self.q
            + np.where(one, -0.14, 0.20)
            + np.where(self.double, 0.14, 0)
            - np.where(self.town_house, 0.07, 0)
            + self.bell(0, 0.17)
        )
        area = 1480 * _exp(s)
        share = np.where(
            style == "2Story",
            self.between(0.46, 0.56),
            np.where(
                style == "1.5Fin",
                self.between(0.58, 0.70),
                np.where(one, 1.0, self.between(0.42, 0.50)),
            ),
        )
        shabby = self.chance(np.where(age > 50, 0.05, 0))
        c["LowQualFinSF"] = np.where(shabby, _whole(self.between(80, 500)), 0)
        c["1stFlrSF"] = np.maximum(_whole(area * share), 334)
        c["2ndFlrSF"] = np.where(one, 0, _whole(area * (1 - share)))
        c["GrLivArea"] = c["1stFlrSF"] + c["2ndFlrSF"] + c["LowQualFinSF"]
        self.a = _log(c["GrLivArea"] / 1480)
        late = c["YearBuilt"] >= 1946
        by_style = {
            "1Story": np.where(late, 20, 30),
            "1.5Unf": 45,
            "1.5Fin": 50,
            "2Story": np.where(late, 60, 70),
            "2.5Unf": 75,
            "2.5Fin": 75,
            "SLvl": 80,
            "SFoyer": 85,
        }
        code = np.zeros(self.n, np.int64)
        for name, value in by_style.items():
            code = np.where(style == name, value, code)
        town_code = np.where(
            style == "1Story", 120, np.where(style == "2Story", 160, 180)
        )
        attic = (style == "1Story") & self.chance(0.006)
        code = np.where(attic, 40, code)
        code = np.where(self.town_house, town_code, code)
        code = np.where(self.double, 90, np.where(self.flats, 190, code))
        c["MSSubClass"] = code

    def outside(self):
        c, k, q, age = self.columns, self.kind, self.q, self.age
        plot = self.plot0 * _exp(self.bell(0, 0.26) + 0.25 * self.a)
        plot = np.where(self.town_house & ~k["town"], plot * 0.42, plot)
        plot = np.where(self.chance(0.006), plot * self.between(3, 9), plot)
        c["LotArea"] = np.maximum(_whole(plot), 1300)
        self.plot = _log(c["LotArea"] / 9500)
        wide = np.maximum(self.plot, -1.5)
        c["LotConfig"] = self.pick(
            Inside=72, Corner=18, CulDSac=np.where(age < 45, 9, 1), FR2=3.2, FR3=0.5
        )
        odd = np.where(c["LotConfig"] == "CulDSac", 1.2, 0) + 0.9 * wide
        c["LotShape"] = self.rating(
            -odd - np.where(k["new"] | k["hill"], 0.7, -0.4), -3.4, -2.3, 0.0,
            codes=("IR3", "IR2", "IR1", "Reg"), blur=1.0,
        )  # fmt: skip
        hilly = np.where(k["hill"], 5, 1)
        c["LandContour"] = self.pick(Lvl=90, Bnk=4, HLS=1.5 * hilly, Low=1.2 * hilly)
        c["LandSlope"] = self.pick(Gtl=95, Mod=2.2 * hilly, Sev=0.3 * hilly)
        # The width at the street. Who sells an odd plot leaves it out more often.
        front = np.sqrt(c["LotArea"] * 0.52) * self.between(0.82, 1.12)
        front = np.where(c["LotConfig"] == "CulDSac", front * 0.7, front)
        gone = self.chance(
            np.where(c["LotConfig"] == "CulDSac", 0.50, 0.08)
            + np.where(c["LotShape"] == "Reg", 0.0, 0.16)
        )
        c["LotFrontage"] = np.where(
            gone, "NA", np.clip(_whole(front), 21, 313).astype(object)
        )
        flat = self.chance(0.007)
        c["RoofStyle"] = np.where(
            flat,
            "Flat",
            self.pick(
                Gable=78, Hip=np.where(q > 0.8, 30, 16), Gambrel=0.8, Mansard=0.4,
                Shed=0.15,
            ),
        ).astype(object)  # fmt: skip
        c["RoofMatl"] = np.where(
            flat, "Tar&Grv", self.pick(CompShg=99.2, WdShngl=0.25, WdShake=0.35)
        ).astype(object)
        first = self.choose(
            {
                "VinylSd": np.where(age < 28, 74, 12),
                "HdBoard": np.where((age > 14) & (age < 50), 36, 3),
                "MetalSd": np.where(age > 35, 24, 3),
                "Wd Sdng": np.where(age > 30, 24, 3),
                "Plywood": np.where((age > 20) & (age < 55), 15, 2),
                "CemntBd": np.where(age < 15, 10, 1.5),
                "BrkFace": np.where(age > 35, 6, 0.8),
                "WdShing": 1.8,
                "Stucco": np.where(age > 60, 5, 0.8),
                "AsbShng": np.where(age > 50, 4, 0),
                "BrkComm": 0.15,
            }
        )
        c["Exterior1st"] = first
        other = self.choose(
            {"Plywood": 30, "Wd Shng": 12, "HdBoard": 10, "Stucco": 6, "ImStucc": 4,
             "Brk Cmn": np.where(age > 30, 6, 0), "Stone": 2}
        )  # fmt: skip
        spelled = {"CemntBd": "CmentBd", "WdShing": "Wd Shng", "BrkComm": "Brk Cmn"}
        second = first.copy()
        for name, there in spelled.items():
            second[first == name] = there
        c["Exterior2nd"] = np.where(self.chance(0.11), other, second).astype(object)
        c["MasVnrType"] = kind = self.pick(
            _None=np.where(q > 0.3, 42, 76),
            BrkFace=np.where(age < 60, 34, 8),
            Stone=np.where((q > 0.6) & (age < 20), 30, 1.5),
            BrkCmn=np.where(age > 30, 1.2, 0.2),
        )
        masonry = _whole(np.maximum(230 * _exp(0.5 * q + self.bell(0, 0.55)) * 0.8, 18))
        c["MasVnrArea"] = area = np.where(
            kind == "None", 0, np.minimum(masonry, 1600)
        ).astype(object)
        unknown = self.chance(0.008)
        kind[unknown], area[unknown] = "NA", "NA"
        c["ExterQual"] = self.rating(
            q, -2.6, 0.42, 2.15, codes=("Fa", "TA", "Gd", "Ex"), blur=0.35
        )
        c["ExterCond"] = self.rating(
            (c["OverallCond"] - 5.6) * 0.5, -3.2, -1.75, 1.25, 2.9, blur=0.6
        )
        c["Foundation"] = self.choose(
            {
                "PConc": np.where(age < 25, 92, np.where(age < 45, 20, 4)),
                "CBlock": np.where(age < 25, 6, np.where(age < 68, 78, 26)),
                "BrkTil": np.where(age > 64, 62, 0.2),
                "Slab": np.where(self.double | (age > 30), 2.6, 0.4),
                "Stone": np.where(age > 70, 1.5, 0),
                "Wood": np.where(age < 40, 0.4, 0),
            }
        )

    def basement(self):
        c, q, age = self.columns, self.q, self.age
        slab = c["Foundation"] == "Slab"
        none = (slab & self.chance(0.85)) | self.chance(0.012)
        total = _whole(c["1stFlrSF"] * self.between(0.80, 1.0))
        total = np.where(none, 0, total)
        grade = 0.5 * q + np.clip((30 - age) / 40, -0.9, 0.7)
        kind = self.choose(
            {
                "Unf": np.where(age < 12, 36, 28),
                "GLQ": 26 + 16 * np.clip(grade, -1.4, 2),
                "ALQ": np.where(age > 15, 20, 6),
                "BLQ": np.where(age > 25, 15, 3),
                "Rec": np.where(age > 30, 13, 1),
                "LwQ": np.where(age > 20, 7, 2),
            }
        )
        self.finish = np.where(kind == "Unf", 0.0, self.between(0.35, 0.95))
        first = _whole(total * self.finish)
        second_kind = self.pick(
            Unf=88, Rec=np.where(age > 20, 5, 0.5), LwQ=np.where(age > 20, 4, 0.5),
            BLQ=2.2, ALQ=1.6, GLQ=1.0,
        )  # fmt: skip
        second_kind = np.where(kind == "Unf", "Unf", second_kind).astype(object)
        second = np.where(
            second_kind == "Unf",
            0,
            _whole((total - first) * self.between(0.3, 1.0)),
        )
        c["TotalBsmtSF"], c["BsmtFinSF1"], c["BsmtFinSF2"] = total, first, second
        c["BsmtUnfSF"] = total - first - second
        quality = self.rating(
            grade, -1.75, 0.1, 1.62, codes=("Fa", "TA", "Gd", "Ex"), blur=0.35
        )
        condition = self.rating(
            (c["OverallCond"] - 5.4) * 0.35 - np.where(age > 60, 0.4, 0),
            -2.6, -1.55, 1.15, codes=("Po", "Fa", "TA", "Gd"), blur=0.6,
        )  # fmt: skip
        hill = self.kind["hill"]
        exposure = self.pick(
            No=np.where(hill, 38, 70), Av=16, Gd=np.where(hill, 32, 7), Mn=8.5
        )
        self.walkout = (exposure == "Gd") & ~none
        for name, values in (
            ("BsmtQual", quality),
            ("BsmtCond", condition),
            ("BsmtExposure", exposure),
            ("BsmtFinType1", kind),
            ("BsmtFinType2", second_kind),
        ):
            c[name] = np.where(none, "NA", values).astype(object)
        slip = self.chance(0.001) & ~none
        c["BsmtExposure"][slip] = "NA"
        bath = (first > 250) & self.chance(np.where(kind == "GLQ", 0.85, 0.5))
        twice = bath & self.chance(0.02)
        c["BsmtFullBath"] = bath.astype(np.int64) + twice
        c["BsmtHalfBath"] = ((first > 200) & ~bath & self.chance(0.22)).astype(np.int64)

    def inside(self):
        c, q, age, a = self.columns, self.q, self.age, self.a
        c["Heating"] = self.choose(
            {
                "GasA": 97.5,
                "GasW": np.where(age > 55, 4, 0.1),
                "Grav": np.where(age > 60, 1.4, 0),
                "Wall": np.where(age > 50, 0.7, 0),
            }
        )
        renewed = c["YrSold"] - c["YearRemodAdd"]
        warm = 0.35 * q + (16 - renewed) / 16
        c["HeatingQC"] = self.rating(warm, -3.4, -1.8, -0.35, 0.22, blur=0.55)
        c["CentralAir"] = np.where(
            self.chance(np.clip(0.012 + (age - 48) / 190, 0.01, 0.4) - 0.05 * q),
            "N",
            "Y",
        ).astype(object)
        c["Electrical"] = self.choose(
            {
                "SBrkr": np.where(age > 48, 74, 99.6),
                "FuseA": np.where(age > 45, 20, 0.2),
                "FuseF": np.where(age > 50, 6, 0),
                "FuseP": np.where(age > 60, 1, 0),
            }
        )
        more = 1.5 * a + np.clip((45 - age) / 55, -0.8, 0.6) + self.bell(0, 0.42)
        c["FullBath"] = 1 + (more > 0.10) + (more > 1.45)
        c["FullBath"] = np.where(self.chance(0.004), 0, c["FullBath"])
        two = c["2ndFlrSF"] > 0
        c["HalfBath"] = self.chance(
            np.where(two & (age < 60), 0.72, np.where(two, 0.3, 0.17))
        ).astype(np.int64)
        beds = 2.82 + 1.6 * a - np.where(two, 0, 0.1) - 0.12 * q + self.bell(0, 0.5)
        beds = beds - np.where(self.town_house, 0.7, 0) + np.where(self.double, 0.9, 0)
        c["BedroomAbvGr"] = np.clip(_whole(beds), 0, 8)
        second = (self.double & self.chance(0.93)) | (self.flats & self.chance(0.5))
        c["KitchenAbvGr"] = 1 + second.astype(np.int64)
        c["KitchenQual"] = self.rating(
            q + np.where(c["YearRemodAdd"] > c["YearBuilt"] + 5, 0.45, 0),
            -2.3, 0.35, 1.95, codes=("Fa", "TA", "Gd", "Ex"), blur=0.45,
        )  # fmt: skip
        rooms = 3.35 + c["BedroomAbvGr"] + 2.1 * a + self.bell(0, 0.6)
        c["TotRmsAbvGrd"] = np.clip(_whole(rooms), 2, 15)
        c["Functional"] = self.pick(
            Typ=94, Min2=2.2, Min1=2.1, Mod=1.1, Maj1=0.8, Maj2=0.35
        )
        wish = 0.4 * q + 1.1 * a + 0.3 * self.wealth + self.bell(0, 0.6)
        c["Fireplaces"] = fires = (wish > 0.02).astype(np.int64) + (wish > 1.35)
        c["FireplaceQu"] = np.where(
            fires == 0, "NA", self.rating(0.8 * q, -1.9, -1.1, 0.25, 2.4, blur=0.7)
        ).astype(object)

    def garage(self):
        c, q, age = self.columns, self.q, self.age
        none = self.chance(np.where(self.double, 0.22, np.clip(age / 900, 0.01, 0.16)))
        kind = self.choose(
            {
                "Attchd": np.where(age < 52, 84, 16),
                "Detchd": np.where(age < 52, 8, 76),
                "BuiltIn": np.where((age < 30) & (c["2ndFlrSF"] > 0), 18, 1.5),
                "Basment": 1.3,
                "CarPort": 0.6,
                "2Types": 0.7,
            }
        )
        later = self.chance(np.where(age > 40, 0.5, 0.02))
        year = c["YearBuilt"] + _whole(later * self.between(0, 0.8) * age)
        year = np.clip(year, 1895, c["YrSold"])
        cars = 1.62 + 0.42 * q + 0.55 * self.a + self.bell(0, 0.38)
        cars = np.where(none, 0, np.clip(_whole(cars), 1, 4))
        area = cars * 235 + 55 + self.bell(0, 48)
        c["GarageCars"] = cars
        c["GarageArea"] = np.where(none, 0, np.maximum(_whole(area), 160))
        finish = self.rating(
            q + np.where(kind == "Detchd", -1.6, 0.2), -0.05, 0.85,
            codes=("Unf", "RFn", "Fin"), blur=0.7,
        )  # fmt: skip
        shape = -np.clip((age - 40) / 60, 0, 1) + 0.1 * q
        for name, values in (
            ("GarageType", kind),
            ("GarageYrBlt", year.astype(object)),
            ("GarageFinish", finish),
            ("GarageQual", self.rating(shape, -2.0, -1.2, 1.0, 1.35, blur=0.45)),
            ("GarageCond", self.rating(shape, -1.85, -1.3, 1.1, 1.4, blur=0.45)),
        ):
            c[name] = np.where(none, "NA", values).astype(object)
        c["PavedDrive"] = self.choose(
            {
                "Y": 92,
                "N": np.where(age > 60, 30, 1),
                "P": np.where(age > 45, 5, 0.4),
            }
        )

    def garden(self):
        c, q, age = self.columns, self.q, self.age

        def area(p, low, high):
            return np.where(self.chance(p), _whole(self.between(low, high)), 0)

        c["WoodDeckSF"] = area(np.where(age < 45, 0.58, 0.3), 40, 340)
        c["OpenPorchSF"] = area(np.clip(0.5 + 0.14 * q, 0.2, 0.85), 15, 150)
        c["EnclosedPorch"] = area(np.where(age > 50, 0.34, 0.02), 30, 240)
        c["3SsnPorch"] = area(0.013, 90, 360)
        c["ScreenPorch"] = area(0.085, 80, 320)
        pool = self.chance(0.005)
        c["PoolArea"] = np.where(pool, _whole(self.between(400, 740)), 0)
        c["PoolQC"] = np.where(pool, self.pick(Ex=40, Gd=35, Fa=25), "NA").astype(
            object
        )
        c["Fence"] = self.pick(
            NA=np.where(age < 12, 160, 74), MnPrv=12, GdPrv=4.3, GdWo=4, MnWw=0.6
        )
        c["MiscFeature"] = kind = self.pick(NA=96.4, Shed=3.3, Gar2=0.2, Othr=0.15)
        value = _whole(self.between(8, 140)) * 10
        c["MiscVal"] = np.where(
            kind == "NA", 0, np.where(kind == "Gar2", 12, 1) * value
        )

    def sale(self):
        c = self.columns
        fresh = c["YrSold"] - c["YearBuilt"] <= 1
        new = fresh & self.chance(0.75)
        how = self.choose(
            {"WD": 94.5, "COD": 3.2, "ConLD": 0.9, "CWD": 0.45, "ConLI": 0.35,
             "ConLw": 0.3, "Oth": 0.25, "Con": 0.2}
        )  # fmt: skip
        c["SaleType"] = np.where(new, "New", how).astype(object)
        why = self.choose(
            {
                "Normal": 90,
                "Abnorml": np.where(how == "COD", 60, 5.5),
                "Family": 1.7,
                "Alloca": np.where(self.double, 8, 0.4),
                "AdjLand": 0.5,
            }
        )
        c["SaleCondition"] = np.where(
            new, np.where(self.chance(0.97), "Partial", "Normal"), why
        ).astype(object)

    def price(self):
        """Prices in dollars: a rule with interactions, on a log scale, and noise."""
        c, age, a = self.columns, self.age, self.a

        def among(name, *codes):
            return np.isin(c[name], codes)

        q = (c["OverallQual"] - 6.0) / 1.4
        cond = c["OverallCond"] - 5.0
        log_price = (
            0.42 * self.level
            + 0.30 * a
            + 0.062 * q
            + 0.020 * self.near
            # what no straight line can say
            + 0.20 * a * q
            + 0.80 * a * self.level
            + 0.022 * q * np.maximum(q, 0)
            - 0.36 * age / (age + 20)
            + 0.15 * np.clip((age - 55) / 40, 0, 1)
            + cond * (0.008 + 0.06 * np.clip(age / 60, 0, 1))
            + 0.07 * q * np.minimum(c["BsmtFinSF1"], 1500) / 1000
            # the rest
            + 0.10 * np.clip(self.plot, -1.3, 1.0)
            + 0.15 * np.minimum(c["TotalBsmtSF"], 2000) / 1000
            + 0.08 * np.minimum(c["BsmtFinSF1"], 1500) / 1000
            + 0.05 * self.walkout
            + 0.055 * np.minimum(c["GarageCars"], 2)
            + 0.02 * np.maximum(c["GarageCars"] - 2, 0)
            + 0.035 * np.minimum(c["Fireplaces"], 2)
            + 0.030 * np.minimum(c["FullBath"], 2)
            + 0.025 * c["HalfBath"]
            + 0.03 * c["BsmtFullBath"]
            - 0.05 * (c["KitchenAbvGr"] - 1)
            + 0.05 * among("KitchenQual", "Ex")
            + 0.02 * among("KitchenQual", "Gd")
            - 0.04 * among("KitchenQual", "Fa")
            + 0.04 * among("ExterQual", "Ex")
            + 0.02 * among("HeatingQC", "Ex")
            + 0.06 * among("CentralAir", "Y")
            - 0.28 * among("MSZoning", "C (all)")
            - 0.04 * among("MSZoning", "RM")
            - 0.09 * among("Condition1", "Artery")
            - 0.045 * among("Condition1", "Feedr", "RRAe", "RRAn")
            + 0.06 * among("Condition1", "PosN", "PosA")
            - 0.05 * among("BldgType", "Twnhs", "Duplex")
            - 0.08 * among("Functional", "Maj1", "Maj2", "Mod")
            - 0.04 * among("Functional", "Min1", "Min2")
            + 0.00012 * c["WoodDeckSF"]
            + 0.00025 * c["ScreenPorch"]
            + 0.10 * (c["PoolArea"] > 0)
            + 0.05 * among("SaleCondition", "Partial")
            - 0.10 * among("SaleCondition", "Abnorml", "AdjLand")
            - 0.05 * among("SaleCondition", "Family")
            - 0.012 * np.maximum(c["YrSold"] - 2007, 0)
        )
        noise = self.bell(0, 0.07)
        rare = self.bell(0, 0.22) * self.chance(0.05)
        given_away = self.chance(np.where(a > 0.75, 0.05, 0.0))
        log_price = log_price + noise + rare - 0.7 * given_away
        log_price = log_price - 0.3 * np.maximum(log_price - 0.6, 0)  # few buyers
        dollars = 124_000 * _exp(log_price)
        step = np.where(self.chance(0.7), 500, 100)
        return np.clip(_whole(dollars / step) * step, 30_000, 800_000)
