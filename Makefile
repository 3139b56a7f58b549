# careloop needs Python 3.11 or newer, git and make; everything else goes into .venv, pinned by hash.
#   make run      the baseline scenario, into out/baseline
#   make test     what CI runs: style, types, imports, tests
#   make verify   every figure in full (up to an hour); writes the tables of the documentation
#   make bench    careloop, its peers and a C loop, side by side; WRITE=1 puts the tables into benchmarks/
#   make clean    removes what the others made
#   make PYTHON=python3.12 ...   another interpreter

PYTHON ?= python3

# Paths are relative throughout: make cannot handle a folder whose name has a space otherwise.
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

PIP := "$(BIN)/python" -m pip --disable-pip-version-check --no-input
# As the command line has it; beside other workers, threads of small matrices cost more than they save.
export OPENBLAS_NUM_THREADS := 1
BENCH_ARGS ?= $(if $(WRITE),--write)

.PHONY: run test verify bench lock clean
.DELETE_ON_ERROR:

run: .venv/run.stamp
	"$(BIN)/careloop" run scenarios/library/care_loop_baseline.yaml --out out/baseline
	@echo "The report is out/baseline/report.html"

test: .venv/dev.stamp
	"$(BIN)/python" -m ruff check .
	"$(BIN)/python" -m ruff format --check .
	"$(BIN)/python" -m mypy
	"$(BIN)/lint-imports" --no-cache
	"$(BIN)/python" -m pytest --numprocesses 2

verify: .venv/dev.stamp
	CARELOOP_WRITE_DOCS=1 "$(BIN)/python" -m pytest -m verify --numprocesses 2 --dist loadfile

bench: .venv/bench.stamp
	"$(BIN)/python" -m benchmarks $(BENCH_ARGS)
	"$(BIN)/python" -m pytest benchmarks --benchmark-enable --benchmark-only --benchmark-columns=median,rounds

# The version of Python is asked for first: an old one fails later in ways that say nothing.
.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "careloop needs Python 3.11 or newer, but '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { \
	  echo "'$(PYTHON) -m venv' failed: on Debian and Ubuntu, install python3-venv." >&2; exit 1; }
	@touch $@

# One stamp a lock file; a changed lock is newer than its stamp. The project itself is linked, not
# copied, and built with the locked hatchling: nothing is fetched that has no hash. Its byte code is written
# here, as pip does for what it copies: where Python is told not to, every run would translate it again.
.venv/%.stamp: requirements/%.txt pyproject.toml .venv/made.stamp
	$(PIP) install --quiet --require-hashes -r $<
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@"$(BIN)/python" -m compileall -q careloop calibration reports scenarios sim
	@touch $@

# For maintainers: new versions of everything, one set for all platforms and Pythons. Needs uv.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
lock:
	$(LOCK) --upgrade --group dev -o requirements/dev.txt
	$(LOCK) --upgrade --group build -c requirements/dev.txt -o requirements/run.txt
	$(LOCK) --upgrade --group bench -c requirements/dev.txt -o requirements/bench.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks out dist benchmarks/.build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
