import Configuration

/// The settings of a process: a JSON file, overridden by environment variables with the prefix
/// `IKSO_` (`listen.port` is `IKSO_LISTEN_PORT`).
package struct ServiceConfiguration: Sendable {
  private let reader: ConfigReader
  /// Where the settings were read from, for error messages.
  private let file: String

  /// - Throws: `LaunchError` that names the file and what is wrong with it.
  package init(file: String) throws(LaunchError) {
    self.file = file
    do {
      reader = ConfigReader(providers: [
        EnvironmentVariablesProvider().prefixKeys(with: "ikso"), try SettingsFile.read(file),
      ])
    } catch {
      throw LaunchError(
        "the configuration \(file) cannot be read: \(error)",
        remedy: "give a JSON file with --config; Deploy/up writes one for each service")
    }
  }

  /// A setting without which the process cannot run.
  package func string(_ key: String) throws(LaunchError) -> String {
    guard let value = reader.string(forKey: ConfigKey(key)), !value.isEmpty else {
      throw missing(key)
    }
    return value
  }

  package func string(_ key: String, default value: String) -> String {
    reader.string(forKey: ConfigKey(key), default: value)
  }

  /// A setting that may be absent.
  package func optionalString(_ key: String) -> String? {
    reader.string(forKey: ConfigKey(key))
  }

  /// A whole number within `range`.
  package func int(
    _ key: String, default value: Int, in range: ClosedRange<Int>
  ) throws(LaunchError) -> Int {
    let found: Int
    if let number = reader.int(forKey: ConfigKey(key)) {
      found = number
    } else if let text = reader.string(forKey: ConfigKey(key)) {
      throw LaunchError(
        "the setting \(key) is '\(text)', which is not a whole number",
        remedy: "give a number from \(range.lowerBound) to \(range.upperBound) in \(file)")
    } else {
      found = value
    }
    guard range.contains(found) else {
      throw LaunchError(
        "the setting \(key) is \(found)",
        remedy: "give a number from \(range.lowerBound) to \(range.upperBound) in \(file)")
    }
    return found
  }

  /// A whole number within `range` that may be absent.
  package func optionalInt(
    _ key: String, in range: ClosedRange<Int>
  ) throws(LaunchError) -> Int? {
    guard reader.string(forKey: ConfigKey(key)) != nil || reader.int(forKey: ConfigKey(key)) != nil
    else { return nil }
    return try int(key, default: range.lowerBound, in: range)
  }

  /// true or false.
  package func bool(_ key: String, default value: Bool) throws(LaunchError) -> Bool {
    if let found = reader.bool(forKey: ConfigKey(key)) { return found }
    guard let text = reader.string(forKey: ConfigKey(key)) else { return value }
    throw LaunchError(
      "the setting \(key) is '\(text)', which is neither true nor false",
      remedy: "give true or false in \(file)")
  }

  /// A list of texts; empty if absent.
  package func strings(_ key: String) -> [String] {
    reader.stringArray(forKey: ConfigKey(key), default: [])
  }

  private func missing(_ key: String) -> LaunchError {
    let variable = "IKSO_" + key.replacing(".", with: "_").uppercased()
    return LaunchError(
      "the setting \(key) is missing", remedy: "add it to \(file) or set \(variable)")
  }
}

/// Why a process cannot start, in a sentence, and how to mend it.
package struct LaunchError: Error, CustomStringConvertible {
  package let problem: String
  package let remedy: String

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(problem); \(remedy)" }
}
