/// Words, names and rows of keys that lead every list of guessed passwords, in English and
/// Dutch; small enough to be read, large enough for what people do to reach fifteen characters:
/// two of them and a year. The full list of breached passwords is a matter of its own.
enum CommonPasswords {
  static let longestFirst: [String] = {
    let words = Set(text.split(whereSeparator: \.isWhitespace).map(String.init) + rows)
    return words.sorted { ($0.count, $0) > ($1.count, $1) }
  }()

  /// Stretches of the alphabet, of numbers and of keyboard rows, forwards and backwards.
  private static let rows: [String] = {
    let sources = [
      "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm",
      "azertyuiop", "qsdfghjklm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "qazwsxedcrfvtgbyhnujmik",
      "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    ]
    return sources.flatMap { source -> [String] in
      let keys = Array(source)
      let forwards = (4...keys.count).flatMap { length in
        (0...keys.count - length).map { String(keys[$0..<$0 + length]) }
      }
      return forwards + forwards.map { String($0.reversed()) }
    }
  }()

  private static let text = """
    password passwort wachtwoord motdepasse passphrase secret geheim welcome welkom hello hallo
    letmein laatmijbinnen openup opensesame sesamopenu changeme verander wijzigen temporary
    tijdelijk default standaard testtest test testing demo example voorbeeld guest gast user
    gebruiker admin administrator beheerder root toor system systeem server computer laptop
    internet network netwerk wifi modem router login logon inloggen signin access toegang master
    superman batman spiderman starwars pokemon pikachu naruto minecraft fortnite roblox
    iloveyou ilovey loveyou lovely ikhouvanjou houvanjou schatje schatje liefje liefde princess
    prinses angel engel sunshine zonneschijn rainbow regenboog flower bloem bloemen butterfly
    vlinder dragon draak monkey aapje tiger tijger lion leeuw panda kitten kitty poesje puppy
    hondje hond dog cat kat horse paard dolphin dolfijn eagle falcon phoenix
    football voetbal soccer baseball basketball hockey tennis feyenoord ajax psv ajaxamsterdam
    oranje nederland holland amsterdam rotterdam utrecht denhaag eindhoven groningen
    liverpool arsenal chelsea barcelona realmadrid juventus manchester united
    january february march april may june july august september october november december
    januari februari maart mei juni juli augustus oktober
    monday tuesday wednesday thursday friday saturday sunday
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    spring summer autumn winter lente zomer herfst voorjaar najaar
    christmas kerstmis easter pasen birthday verjaardag holiday vakantie weekend
    michael jessica ashley jennifer daniel thomas robert charlie andrew matthew joshua michelle
    nicole amanda george jordan hunter harley ranger buster pepper ginger cookie summer
    jeroen martijn daan sophie lisa emma julia thijs bram sanne anouk femke
    whatever nothing forever trustno freedom killer shadow ninja samurai warrior hunter cowboy
    money geld cheese kaas chocolate chocola coffee koffie banana banaan orange apple appel
    purple yellow green blue black silver golden diamond crystal mercedes ferrari porsche
    corvette mustang yamaha honda toyota samsung google facebook linkedin microsoft windows
    office excel outlook apple iphone android oracle cisco company bedrijf kantoor werk work
    training coaching feedback school student leerling teacher leraar college university
    universiteit team manager personal private prive security beveiliging veilig
    qwerty azerty asdf zxcv qwertz qweasd qweasdzxc asdfjkl
    """
}
