"""Benchmarks of matching: one case over 2,000 experts, 200 cases at once, and what the joint assignment gains over one by one.

    python -m tests.benchmarks.bench_experts [--experts 2000] [--cases 200] [--rounds 5]

CPU time of this process, the best of the rounds; each round asks other questions, so nothing is remembered.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from expert_db.directory import Directory
from expert_db.match import rank
from expert_db.panel import assign, best, greedy, total
from expert_db.roster import Record
from tests.benchmarks import goals
from tests.expert_db.people import ZONE, crowd, needs

RANK_MS = 20.0
JOINT_S = 1.0
GAIN = 1.05


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU that `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def tight_gain(instances: int = 1000) -> tuple[bool, float]:
    """Over random tight instances: is joint never worse, and by how much is it better on average?"""
    chance = np.random.default_rng(20261124)
    never_worse, joint_sum, alone_sum = True, 0.0, 0.0
    for _ in range(instances):
        fame = np.linspace(40, 0, 20)[None, :]
        scores = np.rint(chance.integers(0, 40, (20, 20)) + fame * chance.random((20, 1)))
        free = np.ones(20, dtype=np.int64)
        joint, alone = total(scores, best(scores, free)), total(scores, greedy(scores, free))
        never_worse &= joint >= alone
        joint_sum, alone_sum = joint_sum + joint, alone_sum + alone
    return never_worse, joint_sum / alone_sum


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--experts", type=int, default=2000)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()

    people = crowd(asked.experts)
    records = {one.id: Record(open=1, answered=2) for one in people[::5]}
    built = cpu(lambda: Directory(people).prepare())
    directory = Directory(people).prepare()
    singles, joints = [], []
    for number in range(asked.rounds):
        questions = needs(asked.cases, seed=number)
        one = questions[0]
        long = replace(one, text=(one.text + "现场群众反映情况复杂，") * 20)
        singles.append(cpu(partial(rank, long, directory, records, ZONE)))
        joints.append(cpu(partial(assign, questions, directory, records, ZONE)))
    never_worse, gain = tight_gain()

    rank_ms, joint_s = 1000 * min(singles), min(joints)
    print(f"prepare the directory of {asked.experts}: {built:.2f} s, once an edit")
    goals.check(f"rank {asked.experts} experts for one case, ms", rank_ms, RANK_MS)
    goals.check(f"assign {asked.cases} cases jointly, s", joint_s, JOINT_S)
    print(f"joint against greedy, 1,000 tight instances: never worse {never_worse}")
    goals.check("joint against greedy: ×", gain if never_worse else 0.0, GAIN, at_least=True)


if __name__ == "__main__":
    main()
