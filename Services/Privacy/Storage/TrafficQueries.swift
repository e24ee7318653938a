import Access
import Foundation
import Postgres
import Storage

/// Which methods were called: rows of the platform.
extension SQL {
  static func observedMethodAdd(
    _ seen: [TrafficCount.Method: UInt64], by service: String, at date: Date
  ) -> SQL {
    let (methods, purposes) = (seen.keys.map(\.name), seen.keys.map(\.purpose))
    let calls = seen.values.map { Int64(clamping: min($0, ObservedMethod.maximumCalls)) }
    return """
      INSERT INTO privacy.observed_method AS known
        (tenant_id, service, method, purpose, calls, first_seen_at, last_seen_at)
      SELECT \(UUID.platform), \(service), seen.method, seen.purpose, seen.calls, \(date), \(date)
      FROM unnest(\(methods)::text[], \(purposes)::text[], \(calls)::bigint[])
        AS seen (method, purpose, calls)
      ORDER BY seen.method, seen.purpose
      ON CONFLICT (tenant_id, service, method, purpose) DO UPDATE SET
        calls = known.calls + excluded.calls, last_seen_at = excluded.last_seen_at
      """
  }

  static func observedMethodList() -> SQL {
    """
    SELECT service, method, purpose, calls, first_seen_at, last_seen_at
    FROM privacy.observed_method WHERE tenant_id = \(UUID.platform)
    ORDER BY service, method, purpose LIMIT \(ObservedMethod.maximumShown)
    """
  }
}

extension ObservedMethod {
  init(_ row: Row) throws {
    self.init(
      service: try row.get("service"), name: try row.get("method"),
      purpose: try row.get("purpose"), calls: try row.get("calls"),
      firstSeenAt: try row.get("first_seen_at"), lastSeenAt: try row.get("last_seen_at"))
  }
}
