"""The sweep of `bongsu bench sweep` in OpenFisca: the same exchanges, months, thresholds and rule.

Needs the package openfisca-core. Run from the root of the repository. Three ways are measured:

- one population of exchanges, the threshold as a parameter: a new simulation for each of the 200 values;
- one population of 200 x 40, the threshold as an input: one simulation, vectorised over all thresholds;
- one population of exchanges, OpenFisca for the ratio alone, thresholds compared in NumPy outside of it.

What is unknown is not-a-number here, so a comparison with it is false: such exchanges are in no count.
"""

import csv
import json
import time
from importlib.metadata import version

import numpy
from openfisca_core import entities, parameters, periods, taxbenefitsystems, variables
from openfisca_core.populations import ADD
from openfisca_core.simulations import SimulationBuilder

FOLDER = "data/industry/synthetic-40/"
THRESHOLDS = [0.05 + 0.05 * n / 199 for n in range(200)]
ROUNDS = 3

Exchange = entities.Entity("exchange", "exchanges", "An exchange", "")


def month_input(name):
    return type(name, (variables.Variable,), {
        "value_type": float, "entity": Exchange, "definition_period": periods.DateUnit.MONTH, "label": name,
    })


def year_input(name):
    return type(name, (variables.Variable,), {
        "value_type": float, "entity": Exchange, "definition_period": periods.DateUnit.YEAR, "label": name,
        "default_value": numpy.nan,
    })


class ratio(variables.Variable):
    value_type = float
    entity = Exchange
    definition_period = periods.DateUnit.YEAR
    label = "Security spending of IT spending: as disclosed, else by the months"

    def formula(exchange, period):
        it = exchange("it_spend", period, options=[ADD])
        security = exchange("security_spend", period, options=[ADD])
        disclosed_it = exchange("disclosed_it_spend", period)
        disclosed_security = exchange("disclosed_security_spend", period)
        by_months = numpy.divide(security, it, out=numpy.full_like(it, numpy.nan), where=it != 0)
        return numpy.where(numpy.isnan(disclosed_it), by_months, disclosed_security / disclosed_it)


class share_asked(variables.Variable):
    value_type = float
    entity = Exchange
    definition_period = periods.DateUnit.ETERNITY
    label = "The threshold of this row"


def measured(period):
    """The last business year that ended by the end of a month."""
    return period.this_year if period.start.month == 12 else period.last_year


class falls_short(variables.Variable):
    value_type = bool
    entity = Exchange
    definition_period = periods.DateUnit.MONTH
    label = "Below the parameter"

    def formula(exchange, period, parameters):
        return exchange("ratio", measured(period)) < parameters(period).share


class falls_short_of_row(variables.Variable):
    value_type = bool
    entity = Exchange
    definition_period = periods.DateUnit.MONTH
    label = "Below the threshold of the row"

    def formula(exchange, period):
        return exchange("ratio", measured(period)) < exchange("share_asked", period)


def system(share):
    law = taxbenefitsystems.TaxBenefitSystem([Exchange])
    law.add_variables(month_input("it_spend"), month_input("security_spend"), year_input("disclosed_it_spend"),
                      year_input("disclosed_security_spend"), ratio, share_asked, falls_short, falls_short_of_row)
    law.parameters = parameters.ParameterNode("", data={"share": {"values": {"2020-01-01": {"value": share}}}})
    return law


def facts():
    months, exchanges, years = {}, [], {}
    number = lambda cell: float("nan") if cell == "missing" else float(cell)
    with open(FOLDER + "months.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["exchange"] not in exchanges:
                exchanges.append(row["exchange"])
            at = months.setdefault(row["at"][:7], {"it_spend": [], "security_spend": []})
            for word in at:
                at[word].append(number(row[word]))
    with open(FOLDER + "facts.jsonl", encoding="utf-8") as file:
        for line in file:
            fact = json.loads(line)
            if fact.get("word") in ("disclosed_it_spend", "disclosed_security_spend"):
                years.setdefault((fact["word"], fact["at"][:4]), {})[fact["exchange"]] = float(fact["value"].split()[0])
    return exchanges, months, years


def simulation(law, inputs, repeat=1):
    exchanges, months, years = inputs
    sim = SimulationBuilder().build_default_simulation(law, count=len(exchanges) * repeat)
    for at, words in months.items():
        for word, values in words.items():
            sim.set_input(word, at, numpy.tile(numpy.array(values), repeat))
    for (word, year), given in years.items():
        values = numpy.array([given.get(exchange, numpy.nan) for exchange in exchanges])
        sim.set_input(word, year, numpy.tile(values, repeat))
    return sim


def best(name, run):
    times, counts = [], set()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        counts.add(int(run()))
        times.append((time.perf_counter() - started) * 1000)
    print(f"OpenFisca {version('openfisca-core')}, {name}: median {sorted(times)[ROUNDS // 2]:.1f} ms; "
          f"{sorted(counts)} findings of not met")


def main():
    inputs = facts()
    exchanges, months, _ = inputs
    ends = list(months)

    def each_threshold():
        total = 0
        for share in THRESHOLDS:
            law = system(share)
            sim = simulation(law, inputs)
            total += sum(sim.calculate("falls_short", at).sum() for at in ends)
        return total

    def rows():
        law = system(0.05)
        sim = simulation(law, inputs, repeat=len(THRESHOLDS))
        sim.set_input("share_asked", "eternity", numpy.repeat(THRESHOLDS, len(exchanges)))
        return sum(sim.calculate("falls_short_of_row", at).sum() for at in ends)

    def outside():
        law = system(0.05)
        sim = simulation(law, inputs)
        asked = numpy.array(THRESHOLDS)[:, None]
        years = [measured(periods.period(at)) for at in ends]
        return sum((sim.calculate("ratio", year)[None, :] < asked).sum() for year in years)

    best("a simulation for each threshold", each_threshold)
    best("one simulation of 40 x 200 rows", rows)
    best("the ratio alone, thresholds in NumPy", outside)


main()
