"""How the API describes itself: what each operation takes and answers, said beside its route."""
