-- Rows as nodes of release 1.5 store them, with what an upgrade stumbles over. Ids tell the table and the row.
INSERT INTO certificates (id, created_at, cert, key, tags) VALUES
  ('c0000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'cert one', 'key one', '{tls,"with space"}'),
  ('c0000000-0000-0000-0000-000000000002', '2019-01-02 00:00:00+00', 'cert two', 'key two', NULL);
INSERT INTO ca_certificates (id, created_at, cert, tags) VALUES
  ('ca000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00',
   E'-----BEGIN CERTIFICATE-----\nZmlyc3QgYXV0aG9yaXR5\n-----END CERTIFICATE-----\n', '{root}'),
  ('ca000000-0000-0000-0000-000000000002', '2019-01-02 00:00:00+00',
   E'a comment\r\n-----BEGIN CERTIFICATE-----\r\nc2Vjb25k\r\nIGF1dGhvcml0eQ==\r\n-----END CERTIFICATE-----\r\n'
   '-----BEGIN CERTIFICATE-----\r\nb3RoZXI=\r\n-----END CERTIFICATE-----', NULL);
INSERT INTO snis (id, created_at, name, certificate_id, tags) VALUES
  ('51000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'one.example', 'c0000000-0000-0000-0000-000000000001', '{}'),
  ('51000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', '*.example', 'c0000000-0000-0000-0000-000000000001', NULL);
INSERT INTO services (id, created_at, updated_at, name, retries, protocol, host, port, path, connect_timeout, write_timeout,
    read_timeout, tags, client_certificate_id) VALUES
  ('5e000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', 'one', 5, 'http', 'one.internal', 80, '/', 60000, 60000, 60000, '{a,b}', NULL),
  ('5e000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', 'two', 2147483647, 'https', 'two.internal', 65535, NULL, 1, 1, 1, NULL, 'c0000000-0000-0000-0000-000000000002'),
  ('5e000000-0000-0000-0000-000000000003', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', NULL, 0, 'grpc', '::1', 9000, NULL, 1, 1, 1, '{}', NULL),
  ('5e000000-0000-0000-0000-000000000004', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', NULL, 0, 'tcp', 'four.internal', 1, NULL, 1, 1, 1, NULL, NULL);
INSERT INTO routes (id, created_at, updated_at, service_id, protocols, methods, hosts, paths, regex_priority, strip_path,
    preserve_host, name, snis, sources, destinations, path_handling, tags, https_redirect_status_code, headers) VALUES
  ('40000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', '5e000000-0000-0000-0000-000000000001', '{http,https}', '{GET}', '{one.example}', '{/one,"/\\d+"}', 0, true, false, 'one', NULL, NULL, NULL, 'v1', '{a}', 426, '{"version":["1"]}'),
  ('40000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', '5e000000-0000-0000-0000-000000000004', '{tcp}', NULL, NULL, NULL, 0, false, false, NULL, NULL, ARRAY['{"ip":"10.0.0.0/8"}']::jsonb[], ARRAY['{"port":8443}']::jsonb[], 'v0', NULL, 426, NULL),
  ('40000000-0000-0000-0000-000000000003', '2019-01-01 00:00:00+00', '2019-01-01 00:00:00+00', NULL, '{https}', '{}', NULL, '{/free}', -5, true, true, NULL, '{one.example}', NULL, NULL, 'v0', '{}', 301, NULL);
INSERT INTO consumers (id, created_at, username, custom_id, tags) VALUES
  ('c5000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'ann', NULL, '{vip}'),
  ('c5000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', NULL, 'custom-2', NULL),
  ('c5000000-0000-0000-0000-000000000003', '2019-01-01 00:00:00+00', 'Zoë ''quoted'' $(X)', 'custom-3', NULL);
INSERT INTO plugins (id, created_at, name, consumer_id, service_id, route_id, config, enabled, cache_key, run_on, protocols, tags) VALUES
  ('91000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'key-auth', NULL, '5e000000-0000-0000-0000-000000000001', NULL, '{"key_names":["apikey"]}', true, 'plugins:key-auth::5e000000-0000-0000-0000-000000000001::', 'first', '{http}', '{a}'),
  ('91000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', 'acl', NULL, '5e000000-0000-0000-0000-000000000001', NULL, '{"whitelist":["gold"],"blacklist":null,"hide_groups_header":false}', true, 'plugins:acl::5e000000-0000-0000-0000-000000000001::', 'first', '{http}', NULL),
  ('91000000-0000-0000-0000-000000000003', '2019-01-01 00:00:00+00', 'ip-restriction', NULL, NULL, '40000000-0000-0000-0000-000000000001', '{"whitelist":["10.0.0.0/8"],"blacklist":[]}', true, 'plugins:ip-restriction:40000000-0000-0000-0000-000000000001:::', 'first', '{http}', NULL),
  ('91000000-0000-0000-0000-000000000004', '2019-01-01 00:00:00+00', 'bot-detection', NULL, NULL, NULL, '{"whitelist":[],"blacklist":["Evil.*"]}', false, 'plugins:bot-detection::::', 'first', '{http}', NULL),
  ('91000000-0000-0000-0000-000000000005', '2019-01-01 00:00:00+00', 'rate-limiting', 'c5000000-0000-0000-0000-000000000001', '5e000000-0000-0000-0000-000000000002', '40000000-0000-0000-0000-000000000003', '{"minute":5,"whitelist":["mine"]}', true, 'plugins:rate-limiting:40000000-0000-0000-0000-000000000003:5e000000-0000-0000-0000-000000000002:c5000000-0000-0000-0000-000000000001:', 'first', '{http}', NULL);
INSERT INTO upstreams (id, created_at, name, hash_on, hash_fallback, slots, healthchecks, host_header, tags, algorithm) VALUES
  ('a5000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00.123+00', 'up-1', 'none', 'none', 10000, '{}', NULL, NULL, 'round-robin'),
  ('a5000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00.123+00', 'up-2', 'ip', 'none', 10, '{"active":{}}', 'h.example', '{x}', 'consistent-hashing');
INSERT INTO targets (id, created_at, upstream_id, target, weight, tags) VALUES
  ('7a000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00.001+00', 'a5000000-0000-0000-0000-000000000001', 'alone:80', 100, '{t}'),
  ('7a000000-0000-0000-0000-000000000011', '2019-01-01 00:00:00.001+00', 'a5000000-0000-0000-0000-000000000001', 'reposted:80', 100, '{old}'),
  ('7a000000-0000-0000-0000-000000000012', '2019-01-01 00:00:00.002+00', 'a5000000-0000-0000-0000-000000000001', 'reposted:80', 50, '{new}'),
  ('7a000000-0000-0000-0000-000000000021', '2019-01-01 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'deleted:80', 100, NULL),
  ('7a000000-0000-0000-0000-000000000022', '2019-01-02 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'deleted:80', 0, NULL),
  ('7a000000-0000-0000-0000-000000000031', '2019-01-01 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'tie:80', 1, NULL),
  ('7a000000-0000-0000-0000-000000000032', '2019-01-03 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'tie:80', 2, NULL),
  ('7a000000-0000-0000-0000-000000000033', '2019-01-03 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'tie:80', 3, NULL),
  ('7a000000-0000-0000-0000-000000000041', '2019-01-01 00:00:00+00', 'a5000000-0000-0000-0000-000000000001', 'shared:80', 1, NULL),
  ('7a000000-0000-0000-0000-000000000042', '2019-01-02 00:00:00+00', 'a5000000-0000-0000-0000-000000000002', 'shared:80', 1, NULL);
INSERT INTO acls (id, created_at, consumer_id, "group", cache_key, tags) VALUES
  ('ac000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000001', 'gold', 'acls:c5000000-0000-0000-0000-000000000001:gold:::', NULL),
  ('ac000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000002', 'with:colon', 'acls:c5000000-0000-0000-0000-000000000002:with:colon:::', '{g}');
INSERT INTO basicauth_credentials (id, created_at, consumer_id, username, password, tags) VALUES
  ('ba000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000001', 'ann', 'hash', '{b}');
INSERT INTO hmacauth_credentials (id, created_at, consumer_id, username, secret, tags) VALUES
  ('4a000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000001', 'ann', 'secret', NULL);
INSERT INTO jwt_secrets (id, created_at, consumer_id, key, secret, algorithm, rsa_public_key, tags) VALUES
  ('1e000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000001', 'issuer', 's', 'HS256', NULL, NULL);
INSERT INTO keyauth_credentials (id, created_at, consumer_id, key, tags, ttl) VALUES
  ('6e000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000001', 'key-1', '{k}', NULL),
  ('6e000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', 'c5000000-0000-0000-0000-000000000002', 'key-2', NULL, '2036-01-01 00:00:00+00');
INSERT INTO oauth2_credentials (id, created_at, name, consumer_id, client_id, client_secret, redirect_uris, tags) VALUES
  ('0a000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', 'app', 'c5000000-0000-0000-0000-000000000001', 'client', 'secret', '{https://app.example/}', NULL);
INSERT INTO oauth2_authorization_codes (id, created_at, credential_id, service_id, code, authenticated_userid, scope, ttl) VALUES
  ('0c000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', '0a000000-0000-0000-0000-000000000001', '5e000000-0000-0000-0000-000000000001', 'code', 'user', NULL, '2036-01-01 00:00:00+00');
INSERT INTO oauth2_tokens (id, created_at, credential_id, service_id, access_token, refresh_token, token_type, expires_in, authenticated_userid, scope, ttl) VALUES
  ('07000000-0000-0000-0000-000000000001', '2019-01-01 00:00:00+00', '0a000000-0000-0000-0000-000000000001', NULL, 'access', 'refresh', 'bearer', 7200, 'user', NULL, '2036-01-01 00:00:00+00'),
  ('07000000-0000-0000-0000-000000000002', '2019-01-01 00:00:00+00', '0a000000-0000-0000-0000-000000000001', '5e000000-0000-0000-0000-000000000001', 'access-2', NULL, 'bearer', 7200, NULL, 'email', NULL);
INSERT INTO ratelimiting_metrics (identifier, period, period_date, value)
  SELECT 'id-' || i, 'minute', '2019-01-01 00:00:00+00', i FROM generate_series(1, 3000) AS i;
INSERT INTO response_ratelimiting_metrics (identifier, period, period_date, value) VALUES ('id', 'hour', '2019-01-01 00:00:00+00', 1);
INSERT INTO sessions (id, session_id, expires, data, created_at, ttl) VALUES
  ('5e550000-0000-0000-0000-000000000001', 'sid', 1893456000, 'data', '2019-01-01 00:00:00+00', '2030-01-01 00:00:00+00');
INSERT INTO cluster_events (id, node_id, at, expire_at, channel, data) VALUES
  ('ce000000-0000-0000-0000-000000000001', 'ce000000-0000-0000-0000-00000000000f', '2019-01-01 00:00:00+00', '2036-01-01 00:00:00+00', 'invalidations', 'x');
INSERT INTO cluster_ca (pk, key, cert) VALUES (true, 'key', 'cert');
