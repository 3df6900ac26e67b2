"""The bench of the transport runs; what it measures is for people, on a quiet machine."""

import pytest

from bench import transport


@pytest.mark.parametrize("options", [[], ["--lean", "--concurrency", "1", "--rows", "2"]])
def test_the_bench_measures_both_clients_and_tells_the_ratio(capsys, options):
    assert transport.main(["--requests", "40", "--rounds", "2", *options]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["requests.Session", "Transport", "ratio"]
    assert all(float(line.split()[1]) > 0 for line in told[:2])


def test_the_bench_limits_through_valkey_too(capsys, settings):
    assert transport.main(["--requests", "40", "--rounds", "1", "--valkey", settings.REDIS_URL]) == 0
    assert "ratio" in capsys.readouterr().out
