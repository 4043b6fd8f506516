// SPDX-License-Identifier: Apache-2.0

extension HelpTopic {
    /// English: the source language. The first line is the title, each other one a paragraph.
    var english: String {
        switch self {
        case .start:
            """
            Getting started
            Write in the line at the bottom and press Enter. When “sending…” disappears, the server \
            has stored your message.
            F2 opens the menu with everything you can do. Type a word in any script to narrow it, \
            choose with the arrows, press Enter.
            F6 lists the channels, F3 the threads, F4 the people here. The same key again, or Esc, \
            leads back.
            F8 goes to the next message that you have not read: mentions first, then threads, then \
            channels.
            The line “new since” shows where you stopped reading. It stays where it is until you \
            come back.
            Tab goes to the next pane. In the messages, the arrows choose one and Enter answers it \
            in its thread.
            ? in an empty line shows help for the pane you are in. /help threads shows the topic of \
            that name.
            Ctrl+C twice, or /quit, ends. What was not sent is kept and sent next time.
            """
        case .keys:
            """
            Keys
            Everywhere: F1 or ? help, F2 or Ctrl+P menu, F3 threads, F4 people, F5 search, F6 \
            channels.
            F7 changes between thread and channel, F8 goes to the next unread, F9 begins a thread, \
            F12 sends again what was not sent.
            Tab and Shift+Tab: next and previous pane. Behind @, #, / or : Tab completes the word.
            Alt+Up and Alt+Down: previous and next channel. PgUp and PgDn scroll. Ctrl+Home: first \
            unread. Ctrl+End: newest.
            Ctrl+K in an empty line: go to a channel, thread or person by name.
            Writing: Enter sends, Alt+Enter or Ctrl+J begins a new line, Up in an empty line \
            recalls your own messages.
            Ctrl+_ takes back what was typed. Ctrl+X Ctrl+E opens your own editor. Pasted text is \
            never sent by itself.
            Messages: Enter replies, Space marks as read up to here, Ctrl+Y copies, F2 shows all \
            actions.
            Letters are extras: r reply, y copy, o link, p pin, d remove, n next unread, / search.
            Letters count by their place on the keyboard, so that they work on Russian and Arabic \
            keyboards too.
            Esc closes, cancels, and leads back to the line. Ctrl+L paints the screen again, Ctrl+Z \
            pauses the program.
            """
        case .threads:
            """
            Threads
            A thread is a discussion in a channel, with a title and a number: practices/12 is \
            thread 12 of practices.
            F3 lists the threads. Type to narrow the list, Enter opens a thread, F9 begins a new \
            one.
            To answer a message, choose it and press Enter: the answer goes to its thread.
            The place above the line says where your text goes. F7 changes between thread and \
            channel.
            /thread new TITLE, /thread title TEXT, /thread close and /thread reopen do it by \
            typing. /12 enters thread 12.
            /follow tells you of every message of the thread, /mute of none, /unmute as of the \
            channel.
            A closed thread is read by everybody; only moderators write in it.
            People with other programs see the number before the text, and can enter the thread as \
            a channel: /join practices/12
            """
        case .search:
            """
            Search
            F5, or /search and words, finds messages on the server. All the words must occur.
            “Words in quotation marks” must stand in this order. A star stands for any end: report*
            Accents, capitals and the vowel signs of Arabic make no difference. Chinese is found by \
            two characters or more.
            The arrows choose a result, and Enter goes to it.
            A document is found by its symbol: A/HRC/50/64
            Only what you may read is found: the channels you are in, and your own talks.
            Ctrl+K finds channels, threads and people by name. /goto 2026-11-23 goes to a day.
            More is possible outside: plenary search --help
            """
        case .moderation:
            """
            Moderation
            Press F2 on a message, person or thread: what a moderator can do stands at the end of \
            the menu.
            /hide hides a message, which can be undone. /remove takes it away for good.
            /mute NAME 10m REASON keeps somebody from writing, /kick puts out, /ban keeps out. \
            /unmute and /unban end it.
            /slow 30s allows each person one message in 30 seconds. /lock lets only moderators \
            write in the thread or channel.
            Every act asks for a reason. Members see its word, moderators your explanation too.
            You see beforehand what will happen. For 20 seconds most acts can be undone; removing \
            cannot.
            /modlog shows what was done, by whom and why.
            Everybody can tell the moderators of a message or person: /report NAME text. Nobody \
            else sees it.
            """
        case .languages:
            """
            Languages
            Plenary speaks Arabic, Chinese, English, French, Russian and Spanish. /lang fr changes \
            at once, and F2 has it too.
            To keep it: plenary config set lang fr
            Commands have names in every language: /help is also /aide, /ayuda, /помощь, /帮助 and \
            /مساعدة.
            The signs ／ ＃ ＠ ？ of Chinese keyboards and ؟ of Arabic ones count as / # @ ?
            Messages stand in the language in which they were written. /say ar text marks the \
            language of one.
            Arabic is joined and set from right to left by Plenary itself. If it reads wrongly, see \
            Right-to-left text in the settings.
            Ctrl+Y copies a message as it was written; what the mouse copies stands in the order of \
            the screen.
            """
        case .offline:
            """
            Without a connection
            When the connection is lost, Plenary tries again by itself. Enter in an empty line \
            tries at once.
            You can go on writing: what you write is kept on this machine, shown as queued, and \
            sent in order later.
            Nothing is shown as sent before the server has stored it, and nothing arrives twice.
            “not sent” says why the server refused. F12, or /retry, sends it again.
            What has waited for more than 24 hours is sent only after you were asked.
            On coming back, the messages you missed are loaded. A line says where some are missing; \
            Enter on it loads them.
            Unfinished texts and unsent messages are still there when you start again.
            """
        case .plain:
            """
            Plain line mode
            The plain line mode writes one line after the other, for screen readers, pipes and \
            simple terminals.
            It is chosen by /plain, by plenary chat --plain, or for always by: plenary config set \
            ui.plain true
            The message comes first and the time last. No cursor is moved and no colour is needed.
            /read 5 says the last five messages again, /next the next unread one, /where tells \
            where you are.
            /reply answers the last message of somebody else, in its thread. /12 text writes to \
            thread 12.
            The bell sounds when you are mentioned or written to, and never otherwise. Off: plenary \
            config set ui.bell false
            News may be written while you type. The line you are typing is not lost.
            """
        case .commands:
            """
            Commands
            A command begins with a slash: /help. To send a text that begins with a slash, write \
            two: //text
            A word that is no command is never sent: you are told which one you may have meant.
            CAPITALS are to be filled in. What stands in [brackets] may be left out.
            A message is the name of its author (the last one), NAME~2 (the one before) or ~1 (the \
            last of all).
            A reason is a word, and words of your own may follow: off-topic personal-data \
            wrong-channel abusive spam safety other
            """
        }
    }
}
