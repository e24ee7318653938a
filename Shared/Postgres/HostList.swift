import CLibpq

/// The hosts that a DSN names, and what libpq is told of them.
struct HostList {
  /// For what a DSN leaves out. A host that is switched off answers nothing, not even a refusal:
  /// without these bounds a connection to it, or a request to cancel, would hang for minutes.
  static let defaults = [
    ("fallback_application_name", "ikso"), ("connect_timeout", "5"),
    ("tcp_user_timeout", "15000"), ("keepalives_idle", "30"), ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
  ]

  /// Of `host`, `hostaddr` and `port`, what the DSN has: its values one by one.
  private(set) var lists: [(keyword: String, values: [String])] = []

  /// Empty for a DSN that libpq does not understand: connecting tells.
  init(dsn: String) {
    guard let options = unsafe PQconninfoParse(dsn, nil) else { return }
    defer { unsafe PQconninfoFree(options) }
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      let name = unsafe String(cString: keyword)
      if ["host", "hostaddr", "port"].contains(name), let value = unsafe option.pointee.val {
        let values = unsafe String(cString: value).split(
          separator: ",", omittingEmptySubsequences: false)
        lists.append((name, values.map(String.init)))
      }
      unsafe option += 1
    }
  }

  /// The lists with `first` in front, counted on past the end; none for a single host. libpq tries
  /// hosts in their order, but leaves it to its caller to give one up that does not answer.
  func rotated(by first: Int) -> [(String, String)] {
    let count = lists.filter { $0.keyword != "port" }.map(\.values.count).max() ?? 0
    guard count > 1, !first.isMultiple(of: count) else { return [] }
    return lists.map { keyword, values in
      // One port serves all hosts.
      guard values.count == count else { return (keyword, values.joined(separator: ",")) }
      let shift = first % count
      return (keyword, (values[shift...] + values[..<shift]).joined(separator: ","))
    }
  }
}
