/// Why a message did not go; in a word, without anything of the message or of what the server said
/// about it.
package enum MailFault: Error, Sendable, Equatable {
  /// No mail goes now, whosever it is: no connection, no trust, a full disk.
  case closed(String)
  /// This one may go later: a reply of 4xx (RFC 5321 section 4.2.1).
  case postponed(String)
  /// It never will.
  case refused(String)

  package var reason: String {
    switch self {
    case .closed(let reason), .postponed(let reason), .refused(let reason): reason
    }
  }
}

package enum MailOutcome: Sendable, Equatable {
  case sent
  case failed(MailFault)
  /// There was no time left, or the way was closed.
  case untried
}

/// Where mail goes.
package enum MailRoute: Sendable {
  case folder(MailFolder)
  case relay(MailRelay)

  /// Hands the messages over one after the other as long as `goOn` says so and the way is open; the
  /// calling thread waits.
  package func send(_ messages: [MailMessage], while goOn: () -> Bool) -> [MailOutcome] {
    let write: (MailMessage) -> MailOutcome
    switch self {
    case .folder(let folder):
      write = { message in MailOutcome { () throws(MailFault) in try folder.write(message) } }
    case .relay(let relay):
      do throws(MailFault) {
        let connection = try relay.connection()
        write = { message in MailOutcome { () throws(MailFault) in try connection.send(message) } }
      } catch {
        write = { _ in .failed(error) }
      }
    }
    var isOpen = true
    return messages.map { message in
      guard isOpen, goOn() else { return .untried }
      let outcome = write(message)
      if case .failed(.closed) = outcome { isOpen = false }
      return outcome
    }
  }
}

extension MailOutcome {
  fileprivate init(_ body: () throws(MailFault) -> Void) {
    do throws(MailFault) {
      try body()
      self = .sent
    } catch {
      self = .failed(error)
    }
  }
}
