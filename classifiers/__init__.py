"""What is this text? Signals, claims, places and topics of one story.

Decides; does not fetch, store, send, ask the clock or draw at random.
"""
