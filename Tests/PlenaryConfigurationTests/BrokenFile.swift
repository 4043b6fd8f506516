// SPDX-License-Identifier: Apache-2.0

/// A configuration with a mistake, and what the operator has to be told: `line:column: severity: part of the text`.
struct BrokenFile: Sendable, CustomStringConvertible {
    var name: String
    var text: String
    var expected: [String]
    var description: String { name }

    init(_ name: String, _ text: String, _ expected: String...) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    static let all: [BrokenFile] = keys + values + rates + yaml + together

    static let keys = [
        BrokenFile(
            "unknown section", "srever:\n  name: a\n",
            "1:1: error: unknown key \"srever\" in this file; did you mean \"server\"?"),
        BrokenFile(
            "unknown key", "session:\n  ping_affter: 90s\n",
            "2:3: error: unknown key \"ping_affter\" in session; did you mean \"ping_after\"?"),
        BrokenFile(
            "key of another section", "session:\n  handshakes: 9\n",
            "2:3: error: unknown key \"handshakes\" in session; it belongs in connections"),
        BrokenFile(
            "key like no other", "tls:\n  zzzzzzzzzz: 1\n",
            "2:3: error: unknown key \"zzzzzzzzzz\" in tls; it knows certificate, private_key, sts"),
        BrokenFile(
            "two mistakes at once", "tls:\n  stss: off\nstorage:\n  directoy: a\n",
            "2:3: error: unknown key \"stss\"", "4:3: error: unknown key \"directoy\""),
        BrokenFile("same key twice", "server:\n  name: a\n  name: b\n", "2:3: error: \"name\" is set twice"),
        BrokenFile(
            "same section twice", "tls:\n  sts: off\nserver:\n  name: a\ntls:\n  sts: 5m\n",
            "1:1: error: \"tls\" is set twice"),
        BrokenFile("dotted key", "server.name: a\n", "1:1: error: unknown key \"server.name\""),
        BrokenFile(
            "nested unknown", "server:\n  administrator:\n    e-mail: a@b\n",
            "3:5: error: unknown key \"e-mail\" in server.administrator; did you mean \"email\"?"),
        BrokenFile(
            "listener key", "listeners:\n  - address: \"::1\"\n    prot: 6697\n",
            "2:5: error: this listener has no port",
            "3:5: error: unknown key \"prot\" in a listener; did you mean \"port\"?"),
        BrokenFile("list index as a key", "listeners.0: a\n", "1:1: error: unknown key \"listeners.0\""),
    ]

    static let values = [
        BrokenFile(
            "no unit", "session:\n  ping_after: 90\n",
            "2:15: error: session.ping_after: \"90\" is not a time with its unit"),
        BrokenFile(
            "wrong unit", "session:\n  ping_after: 90 minutes\n",
            "2:15: error: session.ping_after: \"90 minutes\" is not a time"),
        BrokenFile(
            "below its range", "session:\n  ping_after: 4s\n",
            "2:15: error: session.ping_after: 4s is out of range; 5s to 1h"),
        BrokenFile(
            "above its range", "storage:\n  segment_size: 2GiB\n",
            "2:17: error: storage.segment_size: 2GiB is out of range; 1MiB to 1GiB"),
        BrokenFile(
            "decimal size", "storage:\n  segment_size: 64MB\n",
            "2:17: error: storage.segment_size: \"64MB\" is not a size"),
        BrokenFile(
            "overflow", "storage:\n  segment_size: 9999999999GiB\n",
            "2:17: error: storage.segment_size: \"9999999999GiB\" is not a size"),
        BrokenFile(
            "twenty digits", "limits:\n  monitor: 99999999999999999999\n",
            "2:12: error: limits.monitor: \"99999999999999999999\" is not a whole number"),
        BrokenFile(
            "negative", "limits:\n  monitor: -1\n",
            "2:12: error: limits.monitor: \"-1\" is not a whole number"),
        BrokenFile(
            "octal", "limits:\n  monitor: 0x1F\n",
            "2:12: error: limits.monitor: \"0x1F\" is not a whole number"),
        BrokenFile(
            "fraction", "limits:\n  targets: 1.5\n",
            "2:12: error: limits.targets: \"1.5\" is not a whole number"),
        BrokenFile(
            "off where it is not allowed", "limits:\n  monitor: off\n",
            "2:12: error: limits.monitor: \"off\" is not a whole number"),
        BrokenFile(
            "word for a flag", "storage:\n  any_file_system: maybe\n",
            "2:20: error: storage.any_file_system: \"maybe\" is not yes or no"),
        BrokenFile(
            "quoted flag", "storage:\n  any_file_system: \"yes\"\n",
            "2:20: error: storage.any_file_system: yes or no stand without quotes"),
        BrokenFile(
            "unknown profile", "community:\n  profile: cloesd\n",
            "2:12: error: community.profile: \"cloesd\" is not one of closed, open; did you mean \"closed\"?"),
        BrokenFile(
            "unknown language", "server:\n  language: de\n",
            "2:13: error: server.language: \"de\" is not one of ar, zh, en, fr, ru, es"),
        BrokenFile(
            "host name with a space", "server:\n  name: chat example\n",
            "2:9: error: server.name: \"chat example\" is not a host name"),
        BrokenFile(
            "host name with empty label", "server:\n  name: chat..example\n",
            "2:9: error: server.name: \"chat..example\" is not a host name"),
        BrokenFile(
            "network with equals sign", "server:\n  network: a=b\n",
            "2:12: error: server.network: \"a=b\" is not a network name"),
        BrokenFile(
            "long network", "server:\n  network: " + String(repeating: "n", count: 33) + "\n",
            "2:12: error: server.network: has 33 bytes; at most 32"),
        BrokenFile("empty name", "server:\n  name: \"\"\n", "2:9: error: server.name: must not be empty"),
        BrokenFile("no value", "server:\n  name:\n", "2:8: error: server.name has no value"),
        BrokenFile(
            "list for a value", "server:\n  name: [a, b]\n",
            "2:9: error: server.name: expected a text of at most 63 bytes, found a list"),
        BrokenFile(
            "mapping for a value", "limits:\n  monitor:\n    a: 1\n",
            "3:5: error: limits.monitor: expected a number from 1 to 10000, found a mapping"),
        BrokenFile(
            "value for a section", "server: localhost\n",
            "1:9: error: server: expected keys with values, found \"localhost\""),
        BrokenFile(
            "empty section", "server:\n", "1:8: error: server: expected keys with values, found nothing"),
        BrokenFile(
            "value for listeners", "listeners: 6697\n",
            "1:12: error: listeners: expected a list of \"- address: …\", found \"6697\""),
        BrokenFile(
            "no listeners", "listeners: []\n", "1:12: error: listeners is empty; nobody could connect"),
        BrokenFile(
            "host as address", "listeners:\n  - address: localhost\n    port: 6697\n",
            "2:14: error: address: \"localhost\" is not an IPv4 or IPv6 address"),
        BrokenFile(
            "port too high", "listeners:\n  - address: \"::1\"\n    port: 65536\n",
            "3:11: error: port: \"65536\" is not a port from 1 to 65535"),
        BrokenFile(
            "bidi override in a text", "server:\n  description: \"a\\u202Eb\"\n",
            "2:16: error: server.description: holds a character that changes the writing direction"),
        BrokenFile(
            "escape in a text", "server:\n  description: \"a\\x1Bb\"\n",
            "2:16: error: server.description: holds a control character"),
        BrokenFile(
            "message of the day as text", "server:\n  message_of_the_day: hello\n",
            "2:23: error: server.message_of_the_day: expected a list of lines"),
        BrokenFile(
            "password range reversed", "limits:\n  password: 300-10\n",
            "2:13: error: limits.password: \"300-10\" is not two numbers, the smaller first"),
    ]

    static let rates = [
        BrokenFile(
            "rate without its time", "rates:\n  nick: 3\n",
            "2:9: error: rates.nick: \"3\" is not a rate such as 3/1m, or off"),
        BrokenFile(
            "rate of nothing", "rates:\n  nick: 0/1m\n", "2:9: error: rates.nick: \"0/1m\" is not a rate"),
        BrokenFile(
            "rate above its range", "rates:\n  nick: 1001/1m\n",
            "2:9: error: rates.nick: 1001/1m is out of range"),
    ]

    static let yaml = [
        BrokenFile("empty file", "", "1:1: error: the file is empty"),
        BrokenFile("comments only", "# nothing\n\n", "1:1: error: the file is empty"),
        BrokenFile("a list", "- a\n- b\n", "1:1: error: expected sections such as \"server:\", found a list"),
        BrokenFile("a word", "hello\n", "1:1: error: expected sections such as \"server:\", found \"hello\""),
        BrokenFile("tab", "server:\n\tname: a\n", "2:1: error: a tab indents this line; use spaces"),
        BrokenFile("open bracket", "server:\n  name: [a, b\n", "3:1: error: not valid YAML"),
        BrokenFile("bad indentation", "server:\n    name: a\n  network: b\n", "3:3: error: not valid YAML"),
        BrokenFile(
            "two values", "server:\n  name: a: b\n",
            "2:10: error: not valid YAML: mapping values are not allowed"),
        BrokenFile(
            "open quote", "server:\n  name: \"a\n  network: b\n",
            "2:9: error: this quote does not close on its line"),
        BrokenFile(
            "anchor", "a: &a [x]\nb: [*a, *a]\n", "1:4: error: anchors and aliases are not supported",
            "2:5: error: anchors and aliases"),
        BrokenFile("tag", "server:\n  name: !!python/object a\n", "2:9: error: tags are not supported"),
        BrokenFile(
            "block text", "server:\n  description: |\n    a\n", "2:16: error: block texts are not supported"),
        BrokenFile(
            "directive", "%YAML 1.1\n---\nserver:\n  name: a\n", "1:1: error: directives are not supported"),
        BrokenFile(
            "two documents", "server:\n  name: a\n---\nserver:\n  name: b\n",
            "3:1: error: not valid YAML: but found another document"),
        BrokenFile("complex key", "? [a]\n: b\n", "1:1: error: complex keys are not supported"),
        BrokenFile("mapping as key", "server:\n  {a: b}: c\n", "2:3: error: unknown key \"?\""),
        BrokenFile("NUL", "server:\n  name: a\u{0}\n", "2:10: error: control character 0"),
        BrokenFile(
            "long line", "server:\n  name: " + String(repeating: "a", count: 400) + "\n",
            "2:401: error: the line is longer than 400 columns"),
        BrokenFile(
            "deep brackets", String(repeating: "[\n", count: 5000), "201:1: error: more than 200 brackets"),
    ]

    static let together = [
        BrokenFile(
            "plain text on every address", "listeners:\n  - address: \"*\"\n    port: 6667\n    tls: no\n",
            "2:5: error: this listener sends passwords and messages in plain text"),
        BrokenFile(
            "same listener twice",
            "listeners:\n  - address: \"::1\"\n    port: 1\n  - address: \"::1\"\n    port: 1\n",
            "4:5: error: ::1 port 1 is already listened on in line 2"),
        BrokenFile(
            "certificate without key", "tls:\n  certificate: a.pem\n",
            "2:16: error: tls.certificate is set and tls.private_key is not"),
        BrokenFile(
            "key without certificate", "tls:\n  private_key: a.pem\n",
            "2:16: error: tls.private_key is set and tls.certificate is not"),
        BrokenFile(
            "sts without TLS",
            "listeners:\n  - address: 127.0.0.1\n    port: 1\n    tls: no\ntls:\n  sts: 5m\n",
            "6:8: error: tls.sts sends clients to TLS, and no listener has tls: yes"),
        BrokenFile(
            "no time to answer", "session:\n  ping_after: 150s\n",
            "2:15: error: session.close_after_silence must be longer"),
        BrokenFile(
            "soft above hard", "connections:\n  send_queue_soft: 1MiB\n",
            "2:20: error: connections.send_queue_soft is above connections.send_queue"),
        BrokenFile(
            "all below one", "connections:\n  send_queue: 2MiB\n  send_queue_all: 1MiB\n",
            "3:19: error: connections.send_queue_all is below"),
        BrokenFile(
            "open to the world", "community:\n  profile: open\n", "2:12: warning: community.profile is open"),
        BrokenFile(
            "untrusted disk", "storage:\n  any_file_system: yes\n",
            "2:20: warning: storage.any_file_system is on"),
        BrokenFile(
            "no flood control", "session:\n  command_burst: off\n",
            "2:18: warning: session.command_burst is off"),
    ]
}
