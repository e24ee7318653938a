import CEpoll

/// What a descriptor is watched for.
package struct Interest: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let read = Interest(rawValue: 1)
  package static let write = Interest(rawValue: 2)

  var events: UInt32 {
    (contains(.read) ? UInt32(EPOLLIN.rawValue | EPOLLRDHUP.rawValue) : 0)
      | (contains(.write) ? UInt32(EPOLLOUT.rawValue) : 0)
  }
}

/// What a descriptor is ready for. A peer that has closed its half makes it ready to read: the
/// read then tells.
package struct Readiness: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let read = Readiness(rawValue: 1)
  package static let write = Readiness(rawValue: 2)
  /// EPOLLHUP or EPOLLERR: told whether asked for or not.
  package static let hangup = Readiness(rawValue: 4)

  init(events: UInt32) {
    var readiness: Readiness = []
    if events & UInt32(EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { readiness.insert(.read) }
    if events & UInt32(EPOLLOUT.rawValue) != 0 { readiness.insert(.write) }
    if events & UInt32(EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.insert(.hangup) }
    self = readiness
  }
}

/// Is told that a descriptor is ready; level-triggered, on the reactor's thread. It must tolerate
/// readiness that has gone (EAGAIN).
package protocol ReadinessHandler: AnyObject {
  func ready(_ readiness: Readiness)
}

/// Is called once at the end of a turn of the loop that it entered itself for.
package protocol TurnEndHandler: AnyObject {
  func turnEnded()
}
