SELECT id, state, algorithm, certificate, sealed_key, created_at, handed_out_at, signs_since, retired_at FROM registry_key WHERE state = 'signing'
