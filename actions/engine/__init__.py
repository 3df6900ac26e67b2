"""Carries decisions upstream: claim, commit, send once, write down what came of it.

attempt: one try from claim to outcome · looking: unknown outcomes and open chains · sweeping: what was lost · enquiring: questions
ledger: the claim and the lock under which everything is written · outcomes, chain: what is written
"""
