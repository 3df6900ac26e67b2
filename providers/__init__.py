"""The upstream portals: contract, HTTP transport and adapters. Pure Python; nothing here knows Django."""
