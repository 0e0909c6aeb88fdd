# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customers of the demonstration firm, one story each. Plain data."""

from .story import Advance, CreditNote, OpenOrder, Pays, Story, WriteOff

# Baskets of products.
METERS = ("flow_meter", "level_sensor", "pressure_sensor")
LAB = ("ph_probe", "calibrator", "certificate")
PLANT = ("gas_analyser", "water_station", "commissioning")
PUMPS = ("dosing_pump", "control_valve", "actuator")
SPARES = ("seal_kit", "ph_probe", "pressure_sensor", "freight")
CARE = ("maintenance", "certificate", "training")

# Ways to pay.
EARLY = Pays(late=-11, spread=4, run=10)
PROMPT = Pays(late=-11, spread=3, run=20)
ON_DUE = Pays(late=0, spread=0)
DISCOUNT = Pays(late=0, spread=2, early=True)
RELAXED = Pays(late=-4, spread=6, run=30)
SLOW = Pays(late=10, spread=12, run=30)
VERY_SLOW = Pays(late=38, spread=16, run=30)
WORSE = Pays(late=-3, spread=5, drift=48, run=10)
BETTER = Pays(late=38, spread=6, drift=-40, run=10)

STORIES = (
    # --- China -------------------------------------------------------------
    # Key account: large, growing, on time.
    Story("suzhou", METERS + PLANT, 28, 34_000, PROMPT, growth=0.7, currency="CNY"),
    # Growth customer: tripled in two years.
    Story("shenzhen", METERS + CARE, 36, 12_000, RELAXED, growth=2.0, currency="CNY"),
    # High margin, slow payer: public utility.
    Story("pudong", PLANT + CARE, 40, 31_000, VERY_SLOW, currency="CNY"),
    # Pays, but refuses two old invoices.
    Story(
        "ningbo",
        PUMPS + SPARES,
        44,
        9_500,
        RELAXED,
        currency="CNY",
        disputed=(205, 150),
    ),
    # Left for a competitor.
    Story("chengdu", PUMPS, 42, 14_000, SLOW, last=240, growth=-0.6, currency="CNY"),
    # Returned more this year than it bought.
    Story(
        "guangzhou",
        LAB + METERS,
        60,
        8_000,
        RELAXED,
        first=700,
        last=330,
        currency="CNY",
    ),
    # Pays before the goods leave.
    Story("beijing", LAB + CARE, 62, 7_500, EARLY, currency="CNY"),
    # Projects in instalments.
    Story("bohai", PLANT + PUMPS, 85, 62_000, RELAXED, currency="CNY"),
    # --- Rest of Asia, Pacific, Gulf ------------------------------------------
    # Exemplary payer.
    Story("osaka", METERS + LAB, 36, 11_500, EARLY),
    Story(
        "hanul", ("calibrator", "training"), 900, 24_000, PROMPT, first=410, last=400
    ),
    # Chronic arrears, much over 90 days.
    Story("deccan", PUMPS + METERS, 42, 13_000, VERY_SLOW, stopped=300),
    # Pays what it can.
    Story(
        "gujarat",
        PUMPS,
        52,
        8_000,
        SLOW,
        partly=((260, 0.6), (190, 0.5), (120, 0.4), (75, 0.3)),
    ),
    # Lives on the early payment discount.
    Story("straits", LAB + CARE, 52, 9_000, DISCOUNT, growth=0.3),
    # Few, very large orders.
    Story("pilbara", PLANT, 75, 88_000, ON_DUE),
    Story("tasman", METERS + SPARES, 54, 6_800, PROMPT, season=-0.6),
    # Large and slow, instalments.
    Story("gulf", PLANT + PUMPS, 56, 58_000, SLOW, partly=((160, 0.7),)),
    # --- Americas ---------------------------------------------------------------
    # Key account at home.
    Story("great_lakes", PLANT + METERS, 26, 27_000, PROMPT, season=0.4, discount=5),
    Story("cascade", METERS + LAB, 41, 10_000, PROMPT, growth=1.2, first=560),
    # Many small orders, one invoice a month.
    Story("redwood", SPARES, 15, 900, ON_DUE, first=400, monthly=True),
    # Big volume sold below cost.
    Story("lone_star", PUMPS, 36, 46_000, RELAXED, growth=0.5, discount=27),
    # Bankrupt, written off, archived.
    Story("bayou", PUMPS + SPARES, 55, 9_000, SLOW, last=300, stopped=430),
    # Lost long ago, still owes.
    Story("appalachian", METERS, 58, 12_000, SLOW, last=270, disputed=(330, 285)),
    # Small, high margin; a contact orders.
    Story("hudson", LAB + CARE, 44, 6_000, PROMPT, buyers=("hudson_buyer",)),
    Story("aguas", METERS + PUMPS, 66, 16_000, SLOW),
    Story("monterrey", PUMPS + CARE, 55, 13_500, BETTER, partly=((58, 0.5),)),
    Story("amazonia", PLANT, 100, 36_000, VERY_SLOW),
    # --- Europe -----------------------------------------------------------------
    # Group: parent and two subsidiaries.
    Story("rhein", METERS + PLANT, 40, 21_000, ON_DUE, discount=8, currency="EUR"),
    Story("rhein_leipzig", METERS, 70, 11_000, RELAXED, discount=8, currency="EUR"),
    Story("rhein_austria", PUMPS, 84, 15_000, WORSE, discount=8, currency="EUR"),
    Story(
        "bayern",
        METERS + LAB,
        33,
        15_000,
        PROMPT,
        growth=0.4,
        currency="EUR",
        buyers=("bayern", "bayern_buyer"),
    ),
    Story("garonne", LAB + PLANT, 52, 13_000, SLOW, currency="EUR"),
    # New customer.
    Story("mistral", LAB, 30, 5_200, PROMPT, first=95, currency="EUR"),
    Story("pennine", METERS + CARE, 56, 8_800, RELAXED),
    # One large invoice in dispute, half of another paid.
    Story(
        "thames",
        PLANT + CARE,
        66,
        24_000,
        PROMPT,
        disputed=(135,),
        partly=((70, 0.5),),
    ),
    # Paying later every month.
    Story("iberica", PUMPS, 46, 12_500, WORSE, growth=-0.2, currency="EUR"),
    Story("delta", METERS + CARE, 47, 10_500, ON_DUE, currency="EUR"),
    # Exposure out of hand.
    Story("ligure", PUMPS + PLANT, 50, 33_000, WORSE, currency="EUR", stopped=215),
    # First order only, not due yet.
    Story("baltic", ("flow_meter", "freight"), 900, 14_000, PROMPT, first=12, last=5),
)

CREDIT_NOTES = (
    CreditNote("guangzhou", 610, 250, reason="Batch recalled"),
    CreditNote("guangzhou", 480, 230, reason="Batch recalled"),
    CreditNote("guangzhou", 345, 200, 0.7, reason="Batch recalled"),
    CreditNote("suzhou", 90, 70, 0.1, reason="Volume bonus"),
    CreditNote("great_lakes", 20, 8, 0.25, reason="Wrong quantity shipped"),
    CreditNote("lone_star", 25, 12, 0.2, reason="Damaged in transit"),
    CreditNote("thames", 135, 100, 0.3, reason="Partial claim accepted"),
    CreditNote("ningbo", 150, 110, 0.25, reason="Claim accepted"),
    CreditNote("bayern", 300, 280, 0.15, reason="Price correction"),
    CreditNote("iberica", 45, 15, 0.5, reason="Goods returned"),
    CreditNote("deccan", 200, 160, 0.2, reason="Late delivery penalty"),
)

ADVANCES = (
    Advance("beijing", 18, 68_000, "CNY", "Advance on next order"),
    Advance("pilbara", 9, 25_000, memo="30 % down payment, phase 2"),
    Advance("osaka", 33, 3_200, memo="Paid twice"),
    Advance("amazonia", 5, 12_000, memo="Transfer without reference"),
    Advance("delta", 14, 4_500, "EUR", "Deposit, framework contract"),
)

WRITE_OFFS = (
    WriteOff("bayou", 425, 205, paid=0.35),
    WriteOff("bayou", 370, 205),
    WriteOff("chengdu", 300, 120, paid=0.94),
    WriteOff("pennine", 200, 150, paid=0.995),
    WriteOff("aguas", 260, 170, paid=0.99),
)

OPEN_ORDERS = (
    OpenOrder(
        "suzhou",
        "sale",
        3,
        (("gas_analyser", 4), ("commissioning", 6)),
        "suzhou",
        "CNY",
    ),
    OpenOrder("great_lakes", "sale", 6, (("water_station", 3), ("flow_meter", 8))),
    OpenOrder("gulf", "sale", 20, (("gas_analyser", 3), ("dosing_pump", 6)), "gulf"),
    OpenOrder("lone_star", "sale", 2, (("control_valve", 30), ("actuator", 30))),
    OpenOrder("ligure", "sent", 4, (("dosing_pump", 12),), "ligure", "EUR"),
    OpenOrder("deccan", "sent", 7, (("flow_meter", 10), ("actuator", 12)), "deccan"),
    OpenOrder(
        "hangzhou",
        "sent",
        11,
        (("water_station", 2), ("training", 3)),
        "hangzhou",
        "CNY",
    ),
    OpenOrder("rotterdam", "draft", 2, (("level_sensor", 40),), "rotterdam", "EUR"),
    OpenOrder(
        "karoo", "draft", 16, (("flow_meter", 6), ("pressure_sensor", 20)), "karoo"
    ),
    OpenOrder("cascade", "sent", 5, (("calibrator", 3), ("maintenance", 2)), "cascade"),
    OpenOrder(
        "bayern", "draft", 1, (("flow_meter", 15), ("certificate", 15)), "bayern", "EUR"
    ),
    OpenOrder("chengdu", "cancel", 220, (("dosing_pump", 8),), "chengdu", "CNY"),
    OpenOrder("appalachian", "cancel", 250, (("flow_meter", 12),), "appalachian"),
    OpenOrder(
        "pilbara", "sale", 8, (("gas_analyser", 5), ("water_station", 2)), "pilbara"
    ),
)

# Customers closed once their history is written.
ARCHIVED = ("bayou",)

# Cost of a product over the 24 months, as a factor of today's: then, a year ago.
COST_HISTORY = {
    "dosing_pump": (0.64, 0.68),
    "control_valve": (0.66, 0.70),
    "actuator": (0.68, 0.72),
    "flow_meter": (1.05, 1.03),
    "level_sensor": (0.97, 0.99),
    "pressure_sensor": (0.95, 0.97),
    "gas_analyser": (0.96, 0.98),
    "water_station": (0.94, 0.97),
    "calibrator": (1.02, 1.01),
    "commissioning": (0.92, 0.96),
    "maintenance": (0.93, 0.97),
}

# Units of currency for one US dollar: 24 months ago, then every half-year.
DOLLAR_RATES = {
    "USD": (1.0, 1.0, 1.0, 1.0, 1.0),
    "EUR": (0.945, 0.920, 0.880, 0.905, 0.925),
    "CNY": (7.26, 7.20, 7.10, 7.05, 7.12),
}
