import type { SystemdNotify } from '../../service/listener/systemd-notify.ts'
import type { ListenEvent } from '../lines/listen-lines.ts'

/** Of what a listener reports, what concerns the one that started it as a service. */
export function tellSystemd(systemd: SystemdNotify, event: ListenEvent): void {
  switch (event.type) {
    case 'ready':
      systemd.ready(`listening on ${event.status.addresses.join(' ')}`)
      return
    case 'draining':
      systemd.stopping(`stopping, ${event.active} under way`)
      return
    case 'stopped':
      systemd.stopping(`stopped (${event.reason})`)
      return
    default:
  }
}
