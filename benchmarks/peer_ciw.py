"""Ciw with reneging: one node, described by distributions, with a record of every contact."""

import time

import ciw

from benchmarks.model import MODEL, PeerResult


def run(contacts: int, seed: int) -> PeerResult:
    """One run until `contacts` have come; reading the records afterwards is not timed."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=1 / MODEL.gap_s)],
        service_distributions=[ciw.dists.Exponential(rate=1 / MODEL.service_s)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / MODEL.patience_s)],
        number_of_servers=[MODEL.agents],
    )
    simulation = ciw.Simulation(network)
    start = time.process_time()
    simulation.simulate_until_max_customers(contacts, method="Finish")
    cpu_s = time.process_time() - start
    records = simulation.get_all_records(only=["service", "renege"])
    answered = [record.waiting_time for record in records if record.record_type == "service"]
    return PeerResult(
        len(records),
        cpu_s,
        sl20=sum(wait <= MODEL.threshold_s for wait in answered) / len(records),
        abandon_share=1 - len(answered) / len(records),
        mean_wait_s=sum(record.waiting_time for record in records) / len(records),
    )
