import Configuration
import FoundationEssentials
import Glibc

/// A JSON file of settings: an object, whose objects nest names.
///
/// swift-configuration's own reader of JSON needs all of Foundation, with the tables of every
/// language in it: half of a program, and 6 MiB of each process.
enum SettingsFile {
  static func read(_ path: String) throws -> InMemoryProvider {
    // Asked before, as the error of Data is one of all of Foundation.
    guard unsafe access(path, R_OK) == 0 else {
      throw Failure(description: unsafe String(cString: strerror(errno)))
    }
    let bytes = try Data(contentsOf: URL(filePath: path))
    let settings: [String: Setting]
    do {
      settings = try JSONDecoder().decode([String: Setting].self, from: bytes)
    } catch let error as DecodingError {
      throw Failure(error)
    }
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    collect(settings, under: [], into: &values)
    return InMemoryProvider(name: path, values: values)
  }

  private static func collect(
    _ settings: [String: Setting], under path: [String],
    into values: inout [AbsoluteConfigKey: ConfigValue]
  ) {
    for (name, setting) in settings {
      let path = path + name.split(separator: ".").map(String.init)
      switch setting {
      case .absent: break
      case .value(let content):
        values[AbsoluteConfigKey(path)] = ConfigValue(content, isSecret: false)
      case .group(let settings): collect(settings, under: path, into: &values)
      }
    }
  }

  /// Why a file cannot be read, in a few words.
  private struct Failure: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = description }

    init(_ error: DecodingError) {
      switch error {
      case .dataCorrupted(let context), .typeMismatch(_, let context),
        .valueNotFound(_, let context), .keyNotFound(_, let context):
        let place = context.codingPath.map(\.stringValue).joined(separator: ".")
        description = (place.isEmpty ? "" : "\(place): ") + context.debugDescription
      @unknown default: description = "\(error)"
      }
    }
  }
}

/// What a name in the file stands for.
private enum Setting: Decodable {
  /// null: as if the name were not there.
  case absent
  case value(ConfigContent)
  case group([String: Setting])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .absent
    } else if let text = try? value.decode(String.self) {
      self = .value(.string(text))
    } else if let flag = try? value.decode(Bool.self) {
      self = .value(.bool(flag))
    } else if let number = try? value.decode(Int.self) {
      self = .value(.int(number))
    } else if let number = try? value.decode(Double.self) {
      self = .value(.double(number))
    } else if let texts = try? value.decode([String].self) {
      self = .value(.stringArray(texts))
    } else if let numbers = try? value.decode([Int].self) {
      self = .value(.intArray(numbers))
    } else {
      self = .group(try value.decode([String: Setting].self))
    }
  }
}
