"""Reports on finished runs: tables, LaTeX, figures, contact sheets."""
