#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the Swift tables under Sources/PlenaryTerminal/Typesetting/Tables from the Unicode character database.

Run from the top of the repository, with Debian's package unicode-data installed, and commit what it writes:

    python3 Config/unicode/make-tables.py [/usr/share/unicode]

The layout of each table is described in its own header, which this script writes.
"""

import re
import sys
from pathlib import Path

SOURCE = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
TARGET = Path("Sources/PlenaryTerminal/Typesetting/Tables")
SCALARS = 0x110000

# The order is that of the cases of BidiClass and JoiningType in ScalarProperties.swift.
BIDI = "L R AL EN ES ET AN CS NSM BN B S WS ON LRE LRO RLE RLO PDF LRI RLI FSI PDI".split()
BIDI_LONG = {"Left_To_Right": "L", "Right_To_Left": "R", "Arabic_Letter": "AL", "European_Terminator": "ET"}
JOINING = "U C D L R T".split()


def rows(name):
    """(first, last, fields) of each row of a file of ranges."""
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.split("#")[0].split(";")]
        if fields[0]:
            first, _, last = fields[0].partition("..")
            yield int(first, 16), int(last or first, 16), fields[1:]


def version(name):
    """The version a file names in its first line."""
    return re.search(r"-(\d+\.\d+\.\d+)\.txt", (SOURCE / name).read_text(encoding="utf-8")).group(1)


def having(name, value):
    """The scalars that a file gives this value."""
    return {s for first, last, fields in rows(name) if fields[0] == value for s in range(first, last + 1)}


def bidi_classes():
    classes = ["L"] * SCALARS
    name = "extracted/DerivedBidiClass.txt"
    for match in re.finditer(r"@missing: (\w+)\.\.(\w+); (\w+)", (SOURCE / name).read_text(encoding="utf-8")):
        first, last = int(match[1], 16), int(match[2], 16)
        classes[first : last + 1] = [BIDI_LONG[match[3]]] * (last - first + 1)
    for first, last, fields in rows(name):
        classes[first : last + 1] = [fields[0]] * (last - first + 1)
    return [BIDI.index(c) for c in classes]


def widths():
    """0, 1, 2, or 3 for a narrow one that the emoji selector makes wide."""
    result = [1] * SCALARS
    for first, last, fields in rows("EastAsianWidth.txt"):
        if fields[0] in ("W", "F"):
            result[first : last + 1] = [2] * (last - first + 1)
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)):
        result[first : last + 1] = [2] * (last - first + 1)
    for scalar in having("emoji/emoji-data.txt", "Emoji"):
        if result[scalar] == 1:
            result[scalar] = 3
    category = "extracted/DerivedGeneralCategory.txt"
    zero = set().union(*(having(category, value) for value in ("Mn", "Me", "Cf", "Cc", "Zl", "Zp")))
    zero |= having("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
    # Visible though they are format characters: signs that reach over the number behind them.
    zero -= having("PropList.txt", "Prepended_Concatenation_Mark")
    # Fillers are blank but take their place.
    zero -= {0x115F, 0x3164, 0xFFA0}
    # The vowels and final consonants of a Hangul syllable in pieces stand inside the first one's columns.
    zero |= having("HangulSyllableType.txt", "V") | having("HangulSyllableType.txt", "T")
    for scalar in zero:
        result[scalar] = 0
    return result


def joining_types():
    types = ["U"] * SCALARS
    for first, last, fields in rows("extracted/DerivedJoiningType.txt"):
        types[first : last + 1] = [fields[0]] * (last - first + 1)
    return [JOINING.index(t) for t in types]


def mirrors():
    return {first: int(fields[0], 16) for first, _, fields in rows("BidiMirroring.txt")}


def brackets():
    """(opening, closing) pairs."""
    return [(first, int(fields[0], 16)) for first, _, fields in rows("BidiBrackets.txt") if fields[1] == "o"]


def arabic_forms():
    """base → [isolated, final, initial, medial], and lam-alef's alef → (isolated, final)."""
    order = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}
    letters, ligatures = {}, {}
    for line in (SOURCE / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
        fields = line.split(";")
        kind, *parts = fields[5].split(" ")
        if kind not in order:
            continue
        code, parts = int(fields[0], 16), [int(part, 16) for part in parts]
        if len(parts) == 1:
            letters.setdefault(parts[0], [0, 0, 0, 0])[order[kind]] = code
        elif len(parts) == 2 and parts[0] == 0x644 and code >= 0xFE70:
            ligatures.setdefault(parts[1], [0, 0])[order[kind]] = code
    return letters, ligatures


def write(name, files, summary, declarations):
    body = ["// SPDX-License-Identifier: Apache-2.0", ""]
    sources = ", ".join(f"{Path(file).name} {edition}" for file, edition in files)
    text = f"Written by Config/unicode/make-tables.py from {sources}. Do not edit. "
    text += "The data are © Unicode, Inc.; terms of use: https://www.unicode.org/terms_of_use.html"
    body += ["// " + line for line in wrapped(text)] + [""]
    body += ["/// " + line for line in wrapped(summary)]
    body += ["enum " + name + " {"]
    for comment, kind, declared, values, digits in declarations:
        body += ["    /// " + line for line in wrapped(comment)]
        body += [f"    static let {declared}: [{kind}] = ["]
        cells = [f"0x{value:0{digits}X}" for value in values]
        per_line = (110 - 8 + 1) // (digits + 4)
        for start in range(0, len(cells), per_line):
            body += ["        " + ", ".join(cells[start : start + per_line]) + ","]
        body += ["    ]"]
    body += ["}", ""]
    (TARGET / (name + ".swift")).write_text("\n".join(body), encoding="utf-8")
    print(name, len(body), "lines")


def wrapped(text):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line = (line + " " + word).strip()
    return lines + [line]


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    mirror, pairs = mirrors(), brackets()
    marked = set(mirror) | {scalar for pair in pairs for scalar in pair}
    starts, last = [], None
    for scalar, (bidi, width, joining) in enumerate(zip(bidi_classes(), widths(), joining_types())):
        value = bidi | width << 5 | joining << 7 | (scalar in marked) << 10
        if value != last:
            starts.append(scalar << 11 | value)
            last = value
    edition = version("DerivedCoreProperties.txt")
    names = ["extracted/DerivedBidiClass.txt", "EastAsianWidth.txt", "extracted/DerivedJoiningType.txt"]
    names += ["extracted/DerivedGeneralCategory.txt", "DerivedCoreProperties.txt", "HangulSyllableType.txt"]
    write(
        "ScalarTable",
        [(name, version(name)) for name in names] + [("emoji-data.txt", edition[:4])],
        "What typesetting must know of each Unicode scalar.",
        [(
            "Ranges, each from its first scalar to the next one's: bits 11 to 31 the first scalar; bits 0 to 4 the "
            "bidi class; 5 and 6 the columns (3: one, or two before the emoji selector); 7 to 9 the joining type; "
            "10 set where MirrorTable knows it.",
            "UInt32", "ranges", starts, 8,
        )],
    )
    write(
        "MirrorTable",
        [(name, version(name)) for name in ("BidiMirroring.txt", "BidiBrackets.txt")],
        "Characters with a mirror image, and brackets. All of them are in the basic plane.",
        [
            (
                "Rising; the upper half is a character, the lower half its mirror image (UAX #9, L4).",
                "UInt32", "mirrors", [s << 16 | mirror[s] for s in sorted(mirror)], 8,
            ),
            (
                "Rising; the upper half is an opening bracket, the lower half its closing one (UAX #9, BD14 to BD16).",
                "UInt32", "brackets", [a << 16 | b for a, b in sorted(pairs)], 8,
            ),
        ],
    )
    letters, ligatures = arabic_forms()
    letters = {letter: forms for letter, forms in letters.items() if 0x621 <= letter <= 0x6D5}
    first, end = min(letters), max(letters) + 1
    write(
        "ArabicFormTable",
        [("UnicodeData.txt", edition)],
        "Presentation forms of Arabic letters.",
        [
            (
                f"From U+{first:04X}, four for each: isolated, final, initial, medial; 0 where there is none.",
                "UInt16", "forms", [f for s in range(first, end) for f in letters.get(s, [0, 0, 0, 0])], 4,
            ),
            (
                "Lam with an alef, three for each: the alef, the ligature isolated, the ligature final.",
                "UInt16", "lamAlefs", [v for a in sorted(ligatures) for v in (a, *ligatures[a])], 4,
            ),
        ],
    )


main()
