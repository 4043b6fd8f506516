// SPDX-License-Identifier: Apache-2.0

/// Somebody who took part. Nobody of this name did.
struct DemoPerson {
    /// The account, which is the nickname as well.
    var account: String
    var name: String
    var language: DemoLanguage
    /// The code of docs/extensions/people.md.
    var affiliation: String
    var country: String?
    var organisation: String
    var isRemote: Bool
    /// Takes part by the meeting platform alone and has no account here.
    var isOnPlatform = false
}

/// States of the day with their usual working language.
enum DemoStates {
    static let all: [(code: String, name: String, language: DemoLanguage)] = [
        ("KE", "Kenya", .english), ("SN", "Sénégal", .french), ("MA", "Maroc", .arabic),
        ("TN", "Tunisie", .arabic), ("GH", "Ghana", .english), ("BF", "Burkina Faso", .french),
        ("MZ", "Mozambique", .english), ("RW", "Rwanda", .english), ("TG", "Togo", .french),
        ("EG", "Égypte", .arabic), ("MU", "Mauritius", .english), ("CM", "Cameroun", .french),
        ("PY", "Paraguay", .spanish), ("UY", "Uruguay", .spanish), ("CR", "Costa Rica", .spanish),
        ("EC", "Ecuador", .spanish), ("CL", "Chile", .spanish), ("HN", "Honduras", .spanish),
        ("DO", "República Dominicana", .spanish), ("MX", "México", .spanish), ("HT", "Haïti", .french),
        ("JM", "Jamaica", .english), ("BB", "Barbados", .english), ("PE", "Perú", .spanish),
        ("KZ", "Казахстан", .russian), ("KG", "Кыргызстан", .russian), ("UZ", "Узбекистан", .russian),
        ("MN", "Mongolia", .english), ("CN", "中国", .chinese), ("JO", "الأردن", .arabic),
        ("QA", "قطر", .arabic), ("BH", "البحرين", .arabic), ("FJ", "Fiji", .english),
        ("WS", "Samoa", .english), ("MV", "Maldives", .english), ("PH", "Philippines", .english),
        ("TH", "Thailand", .english), ("VU", "Vanuatu", .french), ("LB", "لبنان", .arabic),
        ("GE", "Georgia", .english), ("MD", "Moldova", .russian), ("AM", "Armenia", .russian),
        ("UA", "Ukraine", .english), ("AL", "Albania", .english), ("BY", "Беларусь", .russian),
        ("AZ", "Azerbaijan", .russian), ("RS", "Serbia", .english), ("SK", "Slovakia", .english),
        ("PT", "Portugal", .english), ("CH", "Suisse", .french), ("BE", "Belgique", .french),
        ("NO", "Norway", .english), ("CA", "Canada", .english), ("ES", "España", .spanish),
        ("FR", "France", .french), ("IE", "Ireland", .english), ("LU", "Luxembourg", .french),
    ]
}

/// Everybody of the day, always the same.
struct DemoPeople {
    var all: [DemoPerson] = []

    /// How many of each category: a seminar at which States are most, and all ten are there.
    private static let categories: [(code: String, count: Int, organisation: String)] = [
        ("permanent-mission", 80, "Permanent mission"), ("national-mechanism", 96, "National mechanism"),
        ("independent-expert", 14, "Treaty body"), ("international-mechanism", 8, "International mechanism"),
        ("un-body", 24, "United Nations entity"), ("regional-organisation", 10, "Regional organisation"),
        ("international-organisation", 10, "International organisation"),
        ("nhri", 26, "National institution"),
        ("ngo", 30, "Association"), ("academia", 14, "University"),
    ]

    private static let givenNames: [DemoLanguage: [String]] = [
        .english: ["Grace", "Daniel", "Naomi", "Peter", "Litia", "Samuel", "Ruth", "Thomas"],
        .french: ["Awa", "Mathieu", "Fatou", "Étienne", "Mariam", "Luc", "Claire", "Ibrahima"],
        .spanish: ["Lucía", "Andrés", "Rosario", "Diego", "Pilar", "Tomás", "Inés", "Joaquín"],
        .russian: ["Айгуль", "Тимур", "Нина", "Олег", "Дана", "Руслан", "Вера", "Арман"],
        .chinese: ["梅", "伟", "静", "强", "兰", "明", "芳", "军"],
        .arabic: ["ليلى", "كريم", "سلمى", "ياسر", "نور", "طارق", "هدى", "رامي"],
    ]
    private static let familyNames: [DemoLanguage: [String]] = [
        .english: ["Otieno", "Mensah", "Tamani", "Whitfield", "Nyong", "Calder", "Perera"],
        .french: ["Sarr", "Delmas", "Kaboré", "Rochat", "Ndiaye", "Lemaire", "Amouzou"],
        .spanish: ["Benítez", "Ocampo", "Villalba", "Quiroga", "Arrieta", "Solís", "Cabrera"],
        .russian: ["Сеитова", "Ли", "Каримов", "Орлова", "Нуров", "Белый", "Азаров"],
        .chinese: ["王", "李", "张", "刘", "陈", "杨", "赵"],
        .arabic: ["بن سالم", "الخطيب", "حداد", "العلوي", "منصور", "الزين", "قاسم"],
    ]

    init(_ random: inout DemoRandom) {
        var number = 0
        for category in DemoPeople.categories {
            for index in 0..<category.count {
                number += 1
                let state = DemoStates.all[(index * 7 + number) % DemoStates.all.count]
                let hasState = !["un-body", "international-mechanism"].contains(category.code)
                let language = hasState ? state.language : DemoLanguage.allCases[index % 6]
                let given = DemoPeople.givenNames[language] ?? []
                let family = DemoPeople.familyNames[language] ?? []
                let first = given[random.below(given.count)]
                let last = family[random.below(family.count)]
                all.append(
                    DemoPerson(
                        account: "p\(number)", name: language == .chinese ? last + first : "\(first) \(last)",
                        language: language, affiliation: category.code, country: hasState ? state.code : nil,
                        organisation: hasState
                            ? "\(category.organisation), \(state.code)"
                            : "\(category.organisation) \(index + 1)",
                        isRemote: index % 3 == 0, isOnPlatform: index % 5 == 4))
            }
        }
    }
}

/// Numbers that look random and are the same on every machine (SplitMix64).
struct DemoRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// A number from 0 below a limit, which is more than 0.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}
