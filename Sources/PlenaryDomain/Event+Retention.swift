// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// How long things are kept, and who decided that they go (docs/extensions/erasure.md).
package enum RetentionEvent: Hashable, Sendable {
    /// The first of the two who are needed to forget an account.
    case forgetProposed(ForgetProposed)
    /// Taken back, or carried out.
    case forgetSettled(account: AccountID)
    case holdSet(HoldSet)
    case retentionSet(RetentionSet)
}

package struct ForgetProposed: Hashable, Sendable {
    package var account: AccountID
    package var actor: AccountID
    /// A code, never a person's own words.
    package var reason: Text

    package init(account: AccountID, actor: AccountID, reason: Text) {
        self.account = account
        self.actor = actor
        self.reason = reason
    }
}

/// What a legal hold keeps.
package enum HeldPlace: Hashable, Sendable {
    case channel(ChannelID)
    case account(AccountID)
}

package struct HoldSet: Hashable, Sendable {
    package var place: HeldPlace
    package var isHeld: Bool
    /// A code.
    package var reason: Text
    package var actor: AccountID?

    package init(place: HeldPlace, isHeld: Bool, reason: Text, actor: AccountID?) {
        self.place = place
        self.isHeld = isHeld
        self.reason = reason
        self.actor = actor
    }
}

package struct RetentionSet: Hashable, Sendable {
    package var channel: ChannelID
    /// nil: for ever.
    package var days: UInt32?
    package var actor: AccountID?

    package init(channel: ChannelID, days: UInt32?, actor: AccountID?) {
        self.channel = channel
        self.days = days
        self.actor = actor
    }
}
