/// Finds Dutch citizen numbers (burgerservicenummers) in free text, where they have no place
/// (clauses 37 and 45).
///
/// A citizen number is nine digits that pass the 11-test, written in one piece, in groups of two or
/// more digits with the same separator between them, or digit by digit. Not counted are telephone
/// numbers as they are usually written: with `+` or `00` before the country, or ten digits of which
/// the first is 0. A telephone number in nine digits without its 0 looks like a citizen number, and
/// is taken for one if it passes the test, as is one in eleven of all other numbers of nine digits:
/// whoever is refused can write it otherwise, while a citizen number that was stored cannot be
/// taken back.
enum CitizenNumber {
  static let digits = 9
  /// ITU-T E.164: digits of an international telephone number, the country's included.
  private static let longestTelephone = 15
  /// Of a Dutch telephone number with its leading 0.
  private static let nationalTelephone = 10

  static func isFound(in text: String) -> Bool {
    runs(text).contains { run in
      let groups = withoutTelephones(run)
      return groups.indices.contains { isNumber(startingAt: $0, groups) }
    }
  }

  /// The weights are 9, 8, … 2 and, for the last digit, -1. Zeros alone are no number.
  static func passesElevenTest(_ digits: some Collection<UInt8>) -> Bool {
    guard digits.count == Self.digits, digits.contains(where: { $0 != 0 }) else { return false }
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
    return zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 } % 11 == 0
  }
}

extension CitizenNumber {
  /// Digits that stand together, and what stands before them within a run.
  fileprivate struct Group {
    var digits: [UInt8] = []
    /// The one character that separates it from the group before; nil for the first, and where
    /// there is more than one.
    var separator: Unicode.Scalar?
    /// A `+` stands right before it.
    var followsPlus = false
  }

  /// Groups with nothing but a few separators between them.
  private static func runs(_ text: String) -> [[Group]] {
    var runs: [[Group]] = [[]]
    var between: [Unicode.Scalar] = []
    var isOpen = false
    for scalar in text.unicodeScalars {
      if let digit = digit(scalar) {
        if !isOpen {
          if between.contains("+") || between.count > longestSeparator { runs.append([]) }
          var group = Group()
          group.followsPlus = between.last == "+"
          if between.count == 1, !group.followsPlus { group.separator = between[0] }
          runs[runs.count - 1].append(group)
          isOpen = true
          between = []
        }
        let run = runs.count - 1
        runs[run][runs[run].count - 1].digits.append(digit)
        continue
      }
      isOpen = false
      if scalar == "+" || isSeparator(scalar) {
        // More than that ends the run anyway.
        if between.count > longestSeparator { between.removeFirst() }
        between.append(scalar)
      } else {
        if runs.last?.isEmpty == false { runs.append([]) }
        between = []
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  /// As in "+31 (0)6".
  private static let longestSeparator = 2

  private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
    else { return nil }
    return UInt8(value)
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .spaceSeparator
      || scalar.properties.generalCategory == .dashPunctuation
      || "./_()".unicodeScalars.contains(scalar)
  }

  /// The run's groups, without those that make up a telephone number.
  private static func withoutTelephones(_ run: [Group]) -> [Group] {
    var kept: [Group] = []
    var next = 0
    while next < run.count {
      let count = telephone(run[next...])
      if count == 0 { kept.append(run[next]) }
      next += max(1, count)
      // What follows a telephone number does not join what stands before it.
      if count > 0, next < run.count { kept.append(Group()) }
    }
    return kept
  }

  /// How many groups at the beginning of `groups` are a telephone number; 0: there is none.
  private static func telephone(_ groups: ArraySlice<Group>) -> Int {
    guard let first = groups.first, first.followsPlus || first.digits.first == 0 else { return 0 }
    let isInternational = first.followsPlus || first.digits.starts(with: [0, 0])
    let longest = isInternational ? longestTelephone + 2 : nationalTelephone
    var (digits, count) = (0, 0)
    for group in groups {
      guard digits + group.digits.count <= longest else { break }
      digits += group.digits.count
      count += 1
    }
    if isInternational { return digits > Self.digits ? count : 0 }
    return digits == nationalTelephone ? count : 0
  }

  private static func isNumber(startingAt start: Int, _ groups: [Group]) -> Bool {
    var digits: [UInt8] = []
    for position in start..<groups.count {
      let group = groups[position]
      guard !group.digits.isEmpty else { return false }
      if position > start {
        let first = groups[start + 1].separator
        guard let separator = group.separator, separator == first else { return false }
        // One length for all: digit by digit; else no group of one.
        let single = groups[start].digits.count == 1
        guard (group.digits.count == 1) == single else { return false }
      }
      digits += group.digits
      guard digits.count < Self.digits else {
        return digits.count == Self.digits && passesElevenTest(digits)
      }
    }
    return false
  }
}
