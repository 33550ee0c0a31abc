"""What runs by itself: the clock, the jobs it wakes, and the workers that do them.

    clock (one leader)      ticks, news of changes        → is anything due?
    dispatch                this process | pgqueuer        at most once in line
    job                     a use case that takes what is due from the tables, claims it, does it

Rows in our tables are the truth. A job that is lost, repeated or run twice at the same time does no harm: it finds what
is due and claims it row by row.
"""
