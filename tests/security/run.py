#!/usr/bin/env python3
"""The security gate:  tests/security/run.py [--postgres]

Attacks the real binary three times: open (without rate limits), telling everything it can to its log, which is read
afterwards, and as it stands in the world (behind a proxy, by https, limits on). Each prints how many claims held.
docs/security.md says what is proved where.
"""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
WITH_SERVER = FOLDER.parent.parent / "tools/with-server"
PARTS = {
    "attack.py": {"SERVER__CORS_ORIGINS": "https://app.example"},
    "canaries.py": {"LOG__LEVEL": "trace", "LOG__FORMAT": "json"},
    # Few enough requests that a busy machine sends more than it gets back in the same time.
    "guarded.py": {"SERVER__PUBLIC_URL": "https://crm.example.com", "SERVER__TRUSTED_PROXIES": "127.0.0.1",
                   "RATE_LIMIT__ENABLED": "true", "RATE_LIMIT__USER_PER_MINUTE": "300"},
}


def main():
    status = 0
    for script, settings in PARTS.items():
        environment = os.environ | {f"RAPPORT__{name}": value for name, value in settings.items()}
        command = [str(WITH_SERVER), *sys.argv[1:], sys.executable, str(FOLDER / script)]
        status = subprocess.run(command, env=environment).returncode or status
    return status


if __name__ == "__main__":
    sys.exit(main())
