#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every golden of the JSON output keeps to its schema (docs/schema, JSON Schema 2020-12).

Usage: validate.py [FILE.ndjson ...]; without files, all goldens. Exit 0: all valid; 1: a breach; 77: the
package jsonschema is not installed, so nothing was checked.
"""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("jsonschema is not installed; nothing was checked", file=sys.stderr)
    sys.exit(77)

root = pathlib.Path(__file__).resolve().parents[2]
validators = {}
for path in sorted((root / "docs/schema").glob("*.json")):
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validators[path.stem] = jsonschema.Draft202012Validator(schema)

files = [pathlib.Path(name) for name in sys.argv[1:]]
files = files or sorted((root / "Tests/schema/goldens").glob("*.ndjson"))
breaches = 0
seen = set()
count = 0
for path in files:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line:
            continue
        count += 1
        record = json.loads(line)
        name = record.get("type")
        seen.add(name)
        if name not in validators:
            print(f"{path.name}:{number}: no schema for {name}")
            breaches += 1
            continue
        for error in validators[name].iter_errors(record):
            where = "/".join(str(part) for part in error.absolute_path)
            print(f"{path.name}:{number}: {name}/{where}: {error.message}")
            breaches += 1
if len(sys.argv) == 1:
    for name in sorted(set(validators) - seen):
        print(f"no golden for the schema {name}")
        breaches += 1
print(f"{count} records, {len(validators)} schemas, {breaches} breaches")
sys.exit(1 if breaches or not count else 0)
