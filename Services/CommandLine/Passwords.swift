import ArgumentParser
import Cryptography
import Foundation

struct Passwords: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The list of breached passwords that identity refuses, as a compact file.",
    subcommands: [Build.self, Check.self])

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the file from a plain list.",
      discussion: """
        A line of the list is a password (UTF-8, NFC), or its SHA-1 digest in hexadecimal digits, \
        with or without ':' and a count, as Have I Been Pwned publishes them. At one false \
        positive in a thousand an entry takes 14.4 bits: 1.8 GB for a thousand million, which \
        building holds in memory. \
        Identity reads the file that its setting passwords.breachedList names when it starts.
        """)

    @Argument(help: "The plain list.") var list: String
    @Option(name: .shortAndLong, help: "The file to write.") var output: String
    @Option(help: "Passwords that are refused although they are not on the list, of all such.")
    var rate = 0.001

    func validate() throws {
      guard BreachedPasswordsBuilder.rateRange.contains(rate) else {
        throw ValidationError("--rate is \(rate); give one from 0.000001 to 0.1.")
      }
    }

    func run() throws {
      var entries = 0
      let skipped = try PasswordList(list).forEach { _ in entries += 1 }
      var builder = BreachedPasswordsBuilder(entries: entries, falsePositiveRate: rate)
      _ = try PasswordList(list).forEach { builder.insert(digest: $0) }
      let file = builder.finish()
      let target = URL(filePath: output)
      do {
        // Under another name first: a service that runs has the earlier one mapped.
        try file.write(to: target, options: .atomic)
      } catch {
        throw CleanFailure("\(output) cannot be written: \(error.localizedDescription)")
      }
      print("\(output): \(entries) entries, \(file.count) bytes, \(skipped) lines left out")
      print(PasswordList.rate(try BreachedPasswords(file)))
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the file, and whether passwords are on it.",
      discussion: """
        Passwords are read from standard input, one a line, and are not printed. Exits with 1 if \
        the file is damaged or one of them is on it.
        """)

    @Argument(help: "A file that 'ikso passwords build' made.") var file: String

    func run() throws {
      let passwords: BreachedPasswords
      do {
        passwords = try BreachedPasswords(
          Data(contentsOf: URL(filePath: file), options: .alwaysMapped))
      } catch {
        throw CleanFailure("\(file): \(error)")
      }
      print("\(file): \(passwords.entries) entries. \(PasswordList.rate(passwords))")
      var (number, found) = (0, 0)
      while let password = readLine() {
        number += 1
        let isListed = passwords.contains(password.precomposedStringWithCanonicalMapping)
        if isListed { found += 1 }
        print("line \(number): \(isListed ? "on the list" : "not on the list")")
      }
      if found > 0 { throw CleanFailure("\(found) of \(number) are on the list") }
    }
  }
}

/// A plain list of passwords, read in pieces.
struct PasswordList {
  private static let pieceBytes = 1 << 20
  /// Bytes of a line; a file with a longer one is no list.
  private static let lineLimit = 1 << 20
  private let path: String
  private let file: FileHandle

  init(_ path: String) throws {
    self.path = path
    do {
      file = try FileHandle(forReadingFrom: URL(filePath: path))
    } catch {
      throw CleanFailure("\(path) cannot be read: \(error.localizedDescription)")
    }
  }

  /// Gives each digest to `body`; returns how many lines that are not empty stand for none.
  func forEach(_ body: ([UInt8]) -> Void) throws -> Int {
    var rest: [UInt8] = []
    var skipped = 0
    func take(_ line: ArraySlice<UInt8>) {
      if let digest = BreachedPasswords.digest(ofLine: line) {
        body(digest)
      } else if !line.isEmpty {
        skipped += 1
      }
    }
    while let piece = try file.read(upToCount: Self.pieceBytes), !piece.isEmpty {
      rest += piece
      var start = 0
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        take(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
      guard rest.count <= Self.lineLimit else {
        throw CleanFailure("\(path) has a line of more than \(Self.lineLimit) bytes: it is no list")
      }
    }
    take(rest[...])
    return skipped
  }

  static func rate(_ passwords: BreachedPasswords) -> String {
    let one = (1 / max(passwords.falsePositiveRate, .leastNormalMagnitude)).rounded()
    return "Of passwords that are not on the list, one in \(Int(min(one, 1e15))) is refused."
  }
}
