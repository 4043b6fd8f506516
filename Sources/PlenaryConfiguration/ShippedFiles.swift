// SPDX-License-Identifier: Apache-2.0

/// The shipped configuration inside the program, so that `plenaryd setup` needs no other file. The same bytes as
/// the files in `Config/`, which a test compares.
package enum ShippedFiles {
    /// `Config/plenaryd.yaml`.
    package static let server = #"""
        # Configuration of plenaryd. Every key stands here with its default and its reason; a key left out has
        # that default. Times take s, m, h or d; sizes take B, KiB, MiB or GiB; "off" switches a limit off where
        # that is allowed. Check your changes, also beside a running server:  plenaryd check-config

        server:
          name: localhost                  # host name, the source of the server's lines; in the certificate
          network: Plenary                 # shown to clients; no spaces
          description: A community of practice   # one line, shown by WHOIS
          language: en                     # of texts for people who chose none: ar zh en fr ru es
          message_of_the_day: []           # lines shown after the welcome, e.g. - "Read #announcements first"
          administrator:                   # whom to ask; shown by ADMIN
            name: ""
            organisation: ""
            email: ""

        listeners:                         # "*" is every address; plain text only on loopback unless allowed
          - address: "*"
            port: 6697                     # the registered port for TLS (RFC 7194)
            tls: yes
            plain_text_off_loopback: no    # yes: passwords and messages cross the network readable by anybody

        tls:
          certificate: ""                  # PEM, the server's first; empty: a self-signed one is made at first start
          private_key: ""                  # PEM, mode 600; empty together with certificate
          sts: off                         # tell clients to use TLS only for this long; begin with 5m, later 30d

        storage:
          directory: data                  # the log, mode 700; relative paths count from this file's folder
          segment_size: 64MiB              # 1MiB to 1GiB; smaller files are rewritten faster when text is erased
          any_file_system: no              # yes: also tmpfs and network disks, which may lose what was confirmed
          search: yes                      # an index of all messages, in <directory>/index; it may be deleted

        community:
          profile: closed                  # closed: account needed, sign-up by invite; open: guests may connect
          people_may_create_channels: no   # yes: joining a new name creates it; always so in the open profile
          replay: 20                       # messages shown on joining to clients that cannot ask for history, 0 to 100
          file: community.yaml             # the channels that exist from the start; empty: none
          roles: roles.yaml                # what each role may do; empty: as shipped

        connections:                       # what the network may use; beyond each, the newest or largest is closed
          io_queues: 0                     # 0: chosen from the machine's cores
          open: 10000                      # in all
          unregistered: 2048               # that have not said who they are; a community that comes back is all of these
          open_per_network: 16             # from one IPv4 address or IPv6 /64; an office behind one address needs more
          open_per_site: 64                # from one IPv6 /48
          new_per_network: 32              # within new_window
          new_window: 10m
          handshakes: 64                   # TLS handshakes worked on in one round; each costs a millisecond of a core
          waiting_handshakes: 1024         # not over yet; more: the one silent for longest, and for 2 s, is closed
          handshake_timeout: 10s
          send_queue: 256KiB               # waiting for one reader; more: closed, and its client fetches what it missed
          send_queue_soft: 64KiB           # may wait for send_queue_soft_for
          send_queue_soft_for: 30s
          send_queue_all: 256MiB           # waiting for all readers together
          write_stall: 30s                 # a reader that takes nothing for this long is closed

        session:                           # what one connection may ask
          registration_timeout: 30s        # from connecting to the welcome
          registration_lines: 64           # before the welcome
          ping_after: 90s                  # of silence
          close_after_silence: 150s        # longer than ping_after, or nobody could answer in time
          unfinished_line: 30s             # a line may stay without its end
          overlong_lines: 3                # within a minute; more: closed
          command_burst: 10                # commands at once, then commands_per_second; off: no flood control
          commands_per_second: 2
          arrival_commands: 40             # besides, once, at the welcome: to enter channels and fetch what was missed
          byte_burst: 16KiB                # bytes at once, then bytes_per_second
          bytes_per_second: 4KiB
          backlog: 60s                     # of commands waiting their turn; more: "Excess Flood", closed
          login_failures: 5                # in 5 minutes per account and network; then a growing delay; off: no delay
          hash_queue: 32                   # passwords being checked or waiting (0.3 s each); more: "try again"
          new_accounts_per_day: 3          # per network; off: no limit
          login_delay: 32s                 # a wrong password is answered after 1, 2, 4 s and so on, up to this
          scram: no                        # yes: SCRAM-SHA-256 beside PLAIN; what is stored for it is guessed at faster
          scram_iterations: 65536          # 4096 to 65536, for new passwords
          resume: 30d                      # how long a token of RESUME brings somebody back without a password
          sasl_failures: 3                 # on one connection; then closed

        limits:                            # what people may store; beyond each, the command is refused, never cut
          topic: 390B
          away: 390B
          kick: 390B                       # a reason for removing somebody
          real_name: 150B
          channel_key: 32B
          joined_channels: 100             # one person at a time
          monitor: 100                     # nicknames one client watches
          list_modes: 100                  # bans, exceptions and invitations of a channel, each
          targets: 4                       # recipients of one message
          mode_arguments: 12               # changes in one MODE line
          remembered_tokens: 1024          # per account: messages sent twice are stored once, for remembered_for
          remembered_for: 1d
          whowas: 1000                     # people who left, for the whole server
          multiline: 16KiB                 # a message of several lines, all of them
          multiline_lines: 128
          history_messages: 100            # in one answer
          history_targets: 50              # conversations in one answer
          threads: 20000                   # of one channel
          moved_messages: 1000             # by one move from thread to thread
          windows: 20                      # on single threads, of one plain client
          certificates: 10                 # devices that sign one account in
          password: 10-300                 # bytes, least and most

        rates:                             # so many in so long, of one session; "off": as often as one likes
          nick: 3/1m                       # changes of nickname
          join: 10/10s
          create_channel: 5/10m
          invite: 10/1m
          history: 10/10s                  # requests for history
          thread: 10/1m                    # threads begun, of one account
          search: 10/1m
          profile: 20/1m                   # changes of a profile, of one person

        """#
}
