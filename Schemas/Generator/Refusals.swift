import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// A broken rule: where it is, what is wrong and what would be right.
struct Refusal: CustomStringConvertible {
  let file: String
  /// Counted from one, as editors and compilers do.
  let line: Int
  let column: Int
  let problem: String
  let remedy: String

  /// - Parameter detail: path from the place's own descriptor to the part that is wrong; a part
  ///   that isn't written in the file points to the place itself.
  init(
    at place: any ProvidesLocationPath, detail: [Int] = [], _ problem: String, remedy: String
  ) {
    var path = IndexPath()
    place.getLocationPath(path: &path)
    let location =
      place.file.sourceCodeInfoLocation(path: path.appending(IndexPath(indexes: detail)))
      ?? place.file.sourceCodeInfoLocation(path: path)
    self.init(file: place.file.name, location, problem, remedy: remedy)
  }

  init(in file: FileDescriptor, _ problem: String, remedy: String) {
    self.init(
      file: file.name, file.sourceCodeInfoLocation(path: IndexPath(indexes: [Self.packageField])),
      problem, remedy: remedy)
  }

  private init(
    file: String, _ location: Google_Protobuf_SourceCodeInfo.Location?, _ problem: String,
    remedy: String
  ) {
    self.file = file
    // A span is [line, column, …], counted from zero (descriptor.proto, SourceCodeInfo).
    let span = location?.span ?? []
    line = span.count > 1 ? Int(span[0]) + 1 : 1
    column = span.count > 1 ? Int(span[1]) + 1 : 1
    self.problem = problem
    self.remedy = remedy
  }

  /// Number of `package` in google.protobuf.FileDescriptorProto.
  private static let packageField = 2

  var description: String { "\(file):\(line):\(column): \(problem)\n  remedy: \(remedy)" }
}

/// Every rule that the schemas break; protoc prints the description and fails.
struct Refusals: Error, CustomStringConvertible {
  let list: [Refusal]

  var description: String {
    let count = list.count == 1 ? "1 refusal" : "\(list.count) refusals"
    return "\(count)\n" + list.map(\.description).joined(separator: "\n")
  }
}
