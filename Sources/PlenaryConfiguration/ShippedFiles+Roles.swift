// SPDX-License-Identifier: Apache-2.0

extension ShippedFiles {
    /// `Config/roles.yaml`.
    package static let roles = #"""
        # What each role may do, as a list of words. A role that is left out keeps what it has here; a word that is taken out
        # is taken from everybody with the role. Checked by plenaryd check-config; a running server takes changes on SIGHUP.
        # docs/PERMISSIONS.md says what each word comes to, command by command.

        roles:
          guest:                 # whoever has no account; only the open profile lets them in
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - report             # report a message or a person to the moderators
          observer:              # follows public channels and says nothing
            - read-public        # join and read channels that are not private
          member:                # anybody of the community
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - translate          # attach a translation to one's own message
            - report             # report a message or a person to the moderators
            - request-floor      # ask for the floor of a session
            - erase-own          # have one's own messages taken out
          language-desk:         # interpreters and translators
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - translate          # attach a translation to one's own message
            - translate-all      # attach a translation to anybody's message
            - report             # report a message or a person to the moderators
            - request-floor      # ask for the floor of a session
            - erase-own          # have one's own messages taken out
          rapporteur:            # writes down what a session came to
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - translate          # attach a translation to one's own message
            - report             # report a message or a person to the moderators
            - request-floor      # ask for the floor of a session
            - mark-outcomes      # mark messages and threads as outcomes
            - export             # export what a session came to
            - erase-own          # have one's own messages taken out
          technician:            # room and platform; reads nothing
            - relay              # start and stop a relay
            - see-status         # see how the server and its relays do
          moderator:             # of the community; a private channel only when let in
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - translate          # attach a translation to one's own message
            - translate-all      # attach a translation to anybody's message
            - report             # report a message or a person to the moderators
            - request-floor      # ask for the floor of a session
            - manage-floor       # give, take and order the floor
            - moderate           # mute, remove, ban, hide, redact, close, pin, move, topic and modes
            - mark-outcomes      # mark messages and threads as outcomes
            - relay              # start and stop a relay
            - erase-own          # have one's own messages taken out
            - create-channel     # create a channel by joining a new name
            - invite             # make invite codes
          channel-moderator:     # founders and operators, in their channel, besides what their own role allows
            - thread             # begin threads where the channel leaves it to everybody
            - translate-all      # attach a translation to anybody's message
            - manage-floor       # give, take and order the floor
            - moderate           # mute, remove, ban, hide, redact, close, pin, move, topic and modes
            - mark-outcomes      # mark messages and threads as outcomes
            - relay              # start and stop a relay
          secretariat:           # administers the community
            - read-public        # join and read channels that are not private
            - read-invited       # join and read private channels that one was let into
            - read-all           # know, join and read every channel
            - post               # say something, to channels and to people
            - thread             # begin threads where the channel leaves it to everybody
            - translate          # attach a translation to one's own message
            - translate-all      # attach a translation to anybody's message
            - report             # report a message or a person to the moderators
            - request-floor      # ask for the floor of a session
            - manage-floor       # give, take and order the floor
            - moderate           # mute, remove, ban, hide, redact, close, pin, move, topic and modes
            - mark-outcomes      # mark messages and threads as outcomes
            - export             # export what a session came to
            - relay              # start and stop a relay
            - erase-own          # have one's own messages taken out
            - erase-person       # have a person's records taken out, together with a second who may
            - create-channel     # create a channel by joining a new name
            - invite             # make invite codes
            - manage-accounts    # accounts, roles, profiles that are verified, sanctions of the whole community
            - see-status         # see how the server and its relays do

        """#
}
