// SPDX-License-Identifier: Apache-2.0

/// Passwords that are tried first by whoever guesses (limits.md 25): a short list, of those long enough to be
/// allowed otherwise. One a line, lower case; any case of them is refused, and digits or `!` behind them do not help.
package enum GuessedPasswords {
    static let list: Set<[UInt8]> = Set(text.utf8.split(separator: 10).map { Array($0) })

    /// Whether a guesser would have it early: on the list, the account's own name, or one character only.
    package static func contains(_ password: [UInt8], account: [UInt8]) -> Bool {
        let folded = password.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
        if Set(folded).count <= 2 || list.contains(folded) { return true }
        var stem = folded[...]
        while let last = stem.last, last >= 48 && last <= 57 || last == 33 || last == 46 { stem.removeLast() }
        let name = account.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
        return stem.isEmpty && isRun(folded) || stems.contains(Array(stem))
            || !name.isEmpty && Array(stem) == name
            || folded == name
    }

    /// `1234567890`, `9876543210`, and the like.
    private static func isRun(_ digits: [UInt8]) -> Bool {
        let steps = Set(zip(digits, digits.dropFirst()).map { (Int($1) - Int($0) + 10) % 10 })
        return steps == [1] || steps == [9]
    }

    /// Words that are no password with digits behind them either.
    static let stems: Set<[UInt8]> = Set(
        [
            "password", "passwort", "passw0rd", "motdepasse", "contrasena", "qwerty", "qwertyuiop", "azerty",
            "azertyuiop", "qwertz", "qwertzuiop", "iloveyou", "letmein", "welcome", "administrator", "admin",
            "changeme", "secret", "monkey", "dragon", "football", "baseball", "sunshine", "princess",
            "plenary",
            "unitednations", "geneva", "newyork", "humanrights", "abc", "test", "user", "guest", "login",
            "master",
            "hello", "freedom", "whatever", "trustno", "starwars", "superman", "computer", "internet",
            "parol",
        ].map { Array($0.utf8) })

    private static let text = """
        passwordpassword
        password1234
        qwertyuiopasdf
        qwertyuiop[]
        1qaz2wsx3edc
        1qaz2wsx3edc4rfv
        q1w2e3r4t5
        q1w2e3r4t5y6
        1q2w3e4r5t
        1q2w3e4r5t6y
        zaq12wsxcde3
        asdfghjkl;
        asdfghjkl1
        zxcvbnm123
        zxcvbnm,./
        abcdefghij
        abcdefghijk
        abcdefghijkl
        abcd1234abcd
        a1b2c3d4e5
        a1b2c3d4e5f6
        iloveyou123
        iloveyouforever
        ilovemyself
        letmeinplease
        letmeinnow
        trustno1trustno1
        correcthorsebatterystaple
        thisismypassword
        mypassword
        mypassword1
        yourpassword
        newpassword
        nopassword
        temporary1
        defaultpassword
        changemenow
        p@ssw0rd123
        p@ssword123
        pa55word123
        pa$$w0rd123
        superman123
        basketball
        volleyball
        manchester
        liverpool1
        chocolate1
        strawberry
        watermelon
        butterfly1
        christopher
        alexander1
        alejandro1
        elizabeth1
        jacqueline
        charlotte1
        francesco1
        hellohello
        helloworld
        helloworld1
        qweasdzxc123
        qazwsxedcrfv
        123qweasdzxc
        123456789a
        123456789q
        12345qwert
        1234567891
        0123456789
        11223344556
        1122334455
        1111122222
        1231231231
        123123123123
        321321321321
        147258369
        1472583690
        7894561230
        9638527410
        5555566666
        unitednations1
        peaceandlove
        michaeljackson
        harrypotter
        pokemonpokemon
        minecraft1
        fuckyou123
        fuckoff123
        motdepasse1
        contraseña
        contrasena1
        пароль12345
        йцукенгшщз
        йцукенгшщзхъ
        جديدكلمةالسر
        woaini1314
        woaini520520
        5201314520
        """
}
