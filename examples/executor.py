"""Check a folder with the worker processes of an executor: python examples/executor.py FOLDER."""

import sys
from concurrent.futures import ProcessPoolExecutor

import iblint

if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as executor:
        report = iblint.check(sys.argv[1], executor=executor)
    print(f"{len(report.configurations)} configurations, {len(report.findings)} findings")
    sys.exit(report.exit_code)
