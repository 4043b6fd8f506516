// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What a profile that signs in with a password keeps, in files that only its user may read.
extension Workplace {
    private func tokenPath(of profile: Profile) -> String {
        locations.state(of: profile.name) + "/resume"
    }

    /// The token of an earlier session, for this account, while it holds.
    func keptToken(of profile: Profile) -> ResumeToken? {
        // A file that others can read, or cannot be read, is as good as none: the password signs in.
        let bytes = (try? FileAccess.readPrivate(tokenPath(of: profile))) ?? nil
        let token = bytes.flatMap { ResumeToken(String(decoding: $0, as: UTF8.self)) }
        guard let token, token.account == profile.account, token.expires > surroundings.now() else {
            return nil
        }
        return token
    }

    /// Keeps a new token, or forgets the one that was refused.
    func tokenKeeper(of profile: Profile) -> @Sendable (ResumeToken?) -> Void {
        let directory = locations.state(of: profile.name)
        let path = tokenPath(of: profile)
        return { token in
            // A token that is not kept costs one sign-in with the password.
            try? FileAccess.makePrivateDirectory(directory)
            try? FileAccess.writePrivate(Array((token?.text ?? "").utf8), to: path)
        }
    }

    /// Replaces the kept password, if one is kept.
    func keepPassword(_ password: String, of profile: Profile) throws(Failure) {
        let path = locations.state(of: profile.name) + "/password"
        do throws(FileError) {
            guard try FileAccess.readPrivate(path) != nil else { return }
            try FileAccess.writePrivate(Array(password.utf8), to: path)
        } catch {
            throw Failure(.cannotWrite, "the new password is set and not kept", "\(error)")
        }
    }
}
