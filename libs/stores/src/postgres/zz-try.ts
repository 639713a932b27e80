import { readFileSync } from 'node:fs';
import pg from 'pg';
import { applyMigrations } from './migrate.ts';
const { databaseUrl } = JSON.parse(readFileSync('.anika/servers.json', 'utf8'));
const c = new pg.Client({ connectionString: databaseUrl }); await c.connect();
await c.query('create database zz_try');
const u = new URL(databaseUrl); u.pathname = '/zz_try';
try {
console.log(await Promise.all([applyMigrations(u.href), applyMigrations(u.href)]));
console.log(await applyMigrations(u.href));
} finally {
await c.query('drop database zz_try with (force)'); await c.end(); }
