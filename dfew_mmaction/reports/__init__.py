"""What finished runs become: tables, LaTeX, figures, error sheets."""
