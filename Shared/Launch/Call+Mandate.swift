package import Access
package import Foundation
import RPC
package import Storage

extension Call {
  /// What the call may do in the database of `tenant`: for its method's purpose, until its
  /// deadline.
  package func mandate(_ tenant: UUID) -> Mandate {
    Mandate(tenant: tenant, purpose: policy.purpose, deadline: rpc.deadline)
  }
}
