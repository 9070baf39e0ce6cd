/** The ways in which bytes or a text are no node certificate. */
export type NodeCertificateProblem = 'malformed' | 'newer' | 'itself' | 'name' | 'number' | 'time'

const NODE_CERTIFICATE_SENTENCES: Readonly<Record<NodeCertificateProblem, string>> = {
  malformed: 'this is not a whole node certificate',
  newer: 'the node certificate was made by a newer taleus',
  itself: 'a node has a key of its own, not the party’s',
  name: 'a node’s name has 1 to 32 lower-case letters, digits and hyphens, the hyphens inside',
  number: 'a number in the node certificate is out of range',
  time: 'a node certificate is good for 14 days at most, and for some time at least',
}

/** Bytes or a text are no node certificate, or none can be made of this. */
export class NodeCertificateError extends Error {
  override readonly name = 'NodeCertificateError'
  readonly code = 'node_certificate_malformed'
  readonly problem: NodeCertificateProblem

  constructor(problem: NodeCertificateProblem) {
    super(NODE_CERTIFICATE_SENTENCES[problem])
    this.problem = problem
  }
}
