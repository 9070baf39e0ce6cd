import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes of a table of routes that are read: some hundred routes. Default routes come first. */
const MAX_TABLE_BYTES = 65_536

/** Flags of a route that is up, and of one that only says no; of linux/route.h. */
const UP = 0x1
const REJECT = 0x200

interface Route {
  readonly name: string
  readonly metric: number
}

/** The texts of Linux's two tables of routes; empty elsewhere. */
export interface RouteTables {
  readonly ipv4: string
  readonly ipv6: string
}

/** Reads the tables of this computer. Another system than Linux has none there. */
export function routeTables(): RouteTables {
  return { ipv4: beginningOf('/proc/net/route'), ipv6: beginningOf('/proc/net/ipv6_route') }
}

/** Names of the network interfaces that lead to everywhere, best first. */
export function defaultRoutes({ ipv4, ipv6 }: RouteTables): string[] {
  const routes = [...rowsOf(ipv4).flatMap(ipv4Default), ...rowsOf(ipv6).flatMap(ipv6Default)]
  return [...new Set(routes.sort((a, b) => a.metric - b.metric).map(({ name }) => name))]
}

/** Columns: interface, destination, gateway, flags, ref, use, metric, mask; metric in decimal, the others in hex. */
function ipv4Default(row: readonly string[]): Route[] {
  const [name = '', destination, , flags = '', , , metric = '', mask] = row
  const isDefault = destination === '00000000' && mask === '00000000'
  return isDefault && isUsable(flags) ? [{ name, metric: Number(metric) }] : []
}

/** Columns: destination, its length, source, its length, next hop, metric, ref, use, flags, interface; all in hex. */
function ipv6Default(row: readonly string[]): Route[] {
  const [destination = '', length, , , , metric = '', , , flags = '', name = ''] = row
  const isDefault = /^0{32}$/.test(destination) && length === '00'
  return isDefault && isUsable(flags) && name !== 'lo'
    ? [{ name, metric: Number.parseInt(metric, 16) }]
    : []
}

function isUsable(flags: string): boolean {
  return (Number.parseInt(flags, 16) & (UP | REJECT)) === UP
}

function rowsOf(table: string): string[][] {
  return table.split('\n').map((line) => line.trim().split(/\s+/))
}

function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(MAX_TABLE_BYTES)
      return bytes.toString('latin1', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
